using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.Cluster.Planning;

/// <summary>Finds Channels as people name them.</summary>
internal static class ChannelNames
{
    /// <summary>The Channels that are meant by an id, or else by a name: one, unless there is none or several have the name. [any]</summary>
    public static ImmutableArray<Channel> Find(AudioGraph graph, string name)
    {
        var byId = graph.Channels.Where(channel => channel.Id == name).ToImmutableArray();
        return byId.IsEmpty ? [.. graph.Channels.Where(channel => channel.Name == name)] : byId;
    }
}
