using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Planning;

/// <summary>Checks events against the graph they are for, before any Signal is asked to apply them.</summary>
internal static class EventValidation
{
    public static void Check(IReadOnlyList<RenderEvent> events, AudioGraph graph, IProcessorFactory processors)
    {
        var nodes = graph.Channels.SelectMany(channel => channel.Nodes).ToDictionary(node => node.Id);
        var last = (Frame: -1L, Sequence: 0L);
        foreach (var change in events)
        {
            if (change.Frame < 0 || (change.Frame, change.Sequence).CompareTo(last) <= 0)
            {
                throw Refused(change, "comes out of order; events grow by (frame, sequence), from frame 0");
            }

            last = (change.Frame, change.Sequence);
            if (change is ParameterEvent parameter)
            {
                Check(parameter, nodes, processors);
            }
        }
    }

    private static void Check(ParameterEvent change, Dictionary<string, GraphNode> nodes, IProcessorFactory processors)
    {
        if (!nodes.TryGetValue(change.NodeId, out var node))
        {
            throw Refused(change, $"names node \"{change.NodeId}\", which is not in the graph");
        }

        if (node is StackNode)
        {
            return; // Kept for the day the plugin can be had.
        }

        if (processors.Describe(node)?.Parameters.FirstOrDefault(parameter => parameter.Name == change.Parameter) is not { IsFixed: false })
        {
            throw Refused(change, $"names parameter \"{change.Parameter}\" of node \"{node.Id}\", which has none of that name that can move");
        }

        if (change.Value is { } value && !double.IsFinite(value))
        {
            throw Refused(change, $"sets \"{change.Parameter}\" of node \"{node.Id}\" to {value}");
        }

        if (change.RampFrames < 0)
        {
            throw Refused(change, "has a negative ramp");
        }
    }

    private static GraphException Refused(RenderEvent change, string why) =>
        new(GraphError.BadReference, $"The event at frame {change.Frame}, sequence {change.Sequence}, {why}.");
}
