using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Processors.Parameters;

/// <summary>The settings of a node, read against a descriptor.</summary>
internal static class NodeSettings
{
    /// <summary>The value of a fixed parameter, within its range; the default where the node says nothing usable.</summary>
    public static double Fixed(GraphNode node, ParameterDescriptor parameter)
    {
        foreach (var setting in node.Parameters)
        {
            if (setting.Name == parameter.Name && double.IsFinite(setting.Value))
            {
                return parameter.Clamp(setting.Value);
            }
        }

        return parameter.Default;
    }

    /// <summary>A fixed time as whole frames, rounded half up.</summary>
    public static int FixedFrames(GraphNode node, ParameterDescriptor parameter, int sampleRate) => (int)Math.Floor((Fixed(node, parameter) * sampleRate) + 0.5);

    /// <summary>Refuses settings that the descriptor does not allow.</summary>
    /// <exception cref="RenderException"><see cref="RenderError.BadParameter"/>, naming node and parameter.</exception>
    public static void Check(GraphNode node, ProcessorDescriptor descriptor)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var setting in node.Parameters)
        {
            var parameter = Find(descriptor, setting.Name) ?? throw Bad(node, setting, $"is unknown to processor '{descriptor.Kind}'");
            if (!seen.Add(setting.Name))
            {
                throw Bad(node, setting, "is set twice");
            }

            if (!double.IsFinite(setting.Value))
            {
                throw Bad(node, setting, "has a value that is not finite");
            }

            if (setting.Automation.IsDefaultOrEmpty)
            {
                continue;
            }

            if (parameter.IsFixed)
            {
                throw Bad(node, setting, "is fixed and cannot be automated");
            }

            foreach (var point in setting.Automation)
            {
                if (!double.IsFinite(point.Value))
                {
                    throw Bad(node, setting, $"has an automation value that is not finite at frame {point.Frame}");
                }
            }
        }
    }

    private static ParameterDescriptor? Find(ProcessorDescriptor descriptor, string name)
    {
        foreach (var parameter in descriptor.Parameters)
        {
            if (parameter.Name == name)
            {
                return parameter;
            }
        }

        return null;
    }

    private static RenderException Bad(GraphNode node, ParameterSetting setting, string why) =>
        new(RenderError.BadParameter, $"Parameter '{setting.Name}' of node '{node.Id}' {why}.");
}
