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
            if (change is ParameterEvent parameter && FindFault(parameter, nodes.GetValueOrDefault(parameter.NodeId), processors) is { } fault)
            {
                throw Refused(change, fault);
            }
        }
    }

    /// <summary>What does not fit the graph in a change of a parameter, to follow its name in a sentence; or <see langword="null"/>.</summary>
    public static string? FindFault(ParameterEvent change, AudioGraph graph, IProcessorFactory processors) =>
        FindFault(change, graph.Channels.SelectMany(channel => channel.Nodes).FirstOrDefault(node => node.Id == change.NodeId), processors);

    private static string? FindFault(ParameterEvent change, GraphNode? node, IProcessorFactory processors) =>
        node is null ? $"names node \"{change.NodeId}\", which is not in the graph" :
        // Kept for the day the plugin can be had.
        node is StackNode ? null :
        processors.Describe(node)?.Parameters.FirstOrDefault(parameter => parameter.Name == change.Parameter) is not { IsFixed: false }
            ? $"names parameter \"{change.Parameter}\" of node \"{node.Id}\", which has none of that name that can move" :
        change.Value is { } value && !double.IsFinite(value) ? $"sets \"{change.Parameter}\" of node \"{node.Id}\" to {value}" :
        change.RampFrames < 0 ? "has a negative ramp" : null;

    private static GraphException Refused(RenderEvent change, string why) =>
        new(GraphError.BadReference, $"The event at frame {change.Frame}, sequence {change.Sequence}, {why}.");
}
