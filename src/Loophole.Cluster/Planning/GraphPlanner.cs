using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Planning;

/// <summary>Turns a graph into a <see cref="GlobalPlan"/>. A pure function of the graph and what the processors declare. [any]</summary>
/// <param name="processors">Tells kinds, latencies and costs.</param>
public sealed class GraphPlanner(IProcessorFactory processors)
{
    /// <summary>Largest latency of any path, in seconds; beyond it a graph is refused.</summary>
    public const int MaxLatencySeconds = 10;

    /// <summary>Makes the plan for playing: what is live is rendered in the audio callback, which also hears the device's inputs.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The plan: only what reaches the output Channel, delay-compensated.</returns>
    /// <exception cref="GraphException">The graph cannot be rendered; the message names what is wrong.</exception>
    /// <remarks>Where the same are inserts, steps and signals are the same whatever is live: so that can change while it plays (<c>IsLive</c>).</remarks>
    public GlobalPlan Plan(AudioGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Build(graph, readsClipsApart: true);
    }

    /// <summary>Makes the plan for rendering without a device: everything is rendered ahead, inputs are what was recorded of them, and inserts are late by their budget all the same.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The plan: it sounds as what is played.</returns>
    /// <exception cref="GraphException">The graph cannot be rendered; the message names what is wrong.</exception>
    public GlobalPlan PlanOffline(AudioGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Build(graph with { Channels = graph.Channels.IsDefault ? default : [.. graph.Channels.Select(Offline)] }, readsClipsApart: false);
    }

    private GlobalPlan Build(AudioGraph graph, bool readsClipsApart)
    {
        GraphValidation.Check(graph);
        var build = new PlanBuild(processors, graph, readsClipsApart);
        foreach (var channel in ChannelOrder.Sort(graph))
        {
            build.Add(channel);
        }

        return build.Finish();
    }

    private static Channel Offline(Channel channel) => channel with
    {
        IsLive = false,
        Input = channel.Input?.Take is null ? null : channel.Input,
        Notes = channel.Notes?.Take is null ? null : channel.Notes,
    };
}
