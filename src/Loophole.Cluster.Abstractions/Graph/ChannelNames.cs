using System.Collections.Immutable;

namespace Loophole.Cluster.Graph;

/// <summary>Finds Channels as people name them.</summary>
public static class ChannelNames
{
    /// <summary>Which Channels are meant by an id, or else by a name. [any]</summary>
    /// <param name="graph">What they are in.</param>
    /// <param name="name">An id or a name.</param>
    /// <returns>Their indexes in <see cref="AudioGraph.Channels"/>, ascending: one, unless there is none or several have the name.</returns>
    public static ImmutableArray<int> Find(AudioGraph graph, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var byId = Matching(channel => channel.Id == name);
        return byId.IsEmpty ? Matching(channel => channel.Name == name) : byId;

        ImmutableArray<int> Matching(Func<Channel, bool> isMeant) => [.. Enumerable.Range(0, graph.Channels.Length).Where(at => isMeant(graph.Channels[at]))];
    }
}
