using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Timeline;

namespace Loophole.Engine.Rendering;

/// <summary>Checks a node's parameters against its processor's descriptor and puts them in its order.</summary>
internal static class NodeCompiler
{
    private static readonly ImmutableArray<ParameterDescriptor> SendParameters = [new(SendNode.LevelParameter, Minimum: 0, Maximum: 64, Default: 1, "lin")];

    /// <exception cref="RenderException"><see cref="RenderError.UnknownProcessor"/> or <see cref="RenderError.BadParameter"/>, naming the node.</exception>
    public static RenderNode Compile(PlanNode item, SignalSlot? tap, IProcessorFactory processors)
    {
        var node = item.Node;
        if (node is SendNode)
        {
            return new RenderNode(node, item.UpstreamLatencyFrames, Order(node, SendParameters), PlaysNotes: false, tap);
        }

        var descriptor = processors.Describe(node)
            ?? throw new RenderException(RenderError.UnknownProcessor, $"Nothing here runs node '{node.Id}' ({(node as ProcessorNode)?.Processor ?? node.GetType().Name}).");
        return new RenderNode(node, item.UpstreamLatencyFrames, Order(node, descriptor.Parameters), descriptor.PlaysNotes, tap);
    }

    private static ImmutableArray<RenderParameter> Order(GraphNode node, ImmutableArray<ParameterDescriptor> descriptors)
    {
        Require(!node.Parameters.IsDefault, $"Node '{node.Id}' has no list of parameters.");
        var settings = new ParameterSetting?[descriptors.Length];
        foreach (var setting in node.Parameters)
        {
            Require(setting is not null, $"Node '{node.Id}' has a parameter that says nothing.");
            var index = IndexOf(descriptors, setting!.Name);
            Require(index >= 0, $"Node '{node.Id}' has no parameter '{setting.Name}'.");
            Require(settings[index] is null, $"Node '{node.Id}' sets parameter '{setting.Name}' twice.");
            Check(node, setting, descriptors[index]);
            settings[index] = setting;
        }

        var ordered = ImmutableArray.CreateBuilder<RenderParameter>(descriptors.Length);
        for (var i = 0; i < descriptors.Length; i++)
        {
            var descriptor = descriptors[i];
            var value = Math.Clamp(settings[i]?.Value ?? descriptor.Default, descriptor.Minimum, descriptor.Maximum);
            var automation = settings[i] is { Automation.IsEmpty: false } setting ? new AutomationCurve(setting.Automation, descriptor) : null;
            ordered.Add(new RenderParameter(descriptor, value, automation));
        }

        return ordered.MoveToImmutable();
    }

    private static void Check(GraphNode node, ParameterSetting setting, ParameterDescriptor descriptor)
    {
        var name = $"Parameter '{setting.Name}' of node '{node.Id}'";
        Require(double.IsFinite(setting.Value), $"{name} is not a finite number.");
        Require(!setting.Automation.IsDefault, $"{name} has no list of automation points.");
        Require(setting.Automation.IsEmpty || !descriptor.IsFixed, $"{name} is fixed and cannot be automated.");
        var last = -RenderLimits.MaxFrame - 1;
        foreach (var point in setting.Automation)
        {
            Require(double.IsFinite(point.Value), $"{name} is automated with a value that is not a finite number, at project frame {point.Frame}.");
            Require(
                point.Frame > last && point.Frame <= RenderLimits.MaxFrame,
                $"{name} has an automation point at project frame {point.Frame} that is beyond any length or not after the one before it.");
            last = point.Frame;
        }
    }

    private static int IndexOf(ImmutableArray<ParameterDescriptor> descriptors, string name)
    {
        for (var i = 0; i < descriptors.Length; i++)
        {
            if (descriptors[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new RenderException(RenderError.BadParameter, message);
        }
    }
}
