using System.Collections.Immutable;
using Loophole.Cluster.Messages;

namespace Loophole.Cluster.Hub;

/// <summary>Where every subgraph of a session runs, as the host was told, and which rest after a cut. Changed by one caller at a time, read by any.</summary>
internal sealed class HubRoutes
{
    private ImmutableDictionary<string, SubgraphRoute> _routes = ImmutableDictionary<string, SubgraphRoute>.Empty;
    private ImmutableHashSet<string> _resting = [];
    private int _largestStream;

    public IEnumerable<SubgraphRoute> All => _routes.Values;

    /// <summary>The route of a subgraph, or <see langword="null"/> when there is none.</summary>
    public SubgraphRoute? Find(string subgraphId) => _routes.GetValueOrDefault(subgraphId);

    /// <summary>Takes note of a subgraph's assignment.</summary>
    public void Set(SubgraphRoute route)
    {
        _routes = _routes.SetItem(route.SubgraphId, route);
        _resting = _resting.Remove(route.SubgraphId);
        _largestStream = Math.Max(_largestStream, StreamsOf(route).Max());
    }

    /// <summary>There is no such subgraph any more.</summary>
    public void Remove(string subgraphId)
    {
        _routes = _routes.Remove(subgraphId);
        _resting = _resting.Remove(subgraphId);
    }

    /// <summary>Whether a route is that of a subgraph that there was not before, with streams that never were.</summary>
    public bool MayPlace(SubgraphRoute route) =>
        Find(route.SubgraphId) is null
        && !route.Outputs.IsEmpty
        && HasFreshStreams(route);

    /// <summary>Nobody works on these until they are set again.</summary>
    public void Rest(IEnumerable<string> subgraphIds) => _resting = _resting.Union(subgraphIds);

    /// <summary>Whether a route is that of a subgraph which nobody works on, under a new assignment, with streams that never were.</summary>
    /// <param name="route">The route.</param>
    /// <param name="checkpointFrame">Where its newest checkpoint is.</param>
    /// <param name="isConnected">Tells of a node whether the host has a link to it.</param>
    public bool MayMove(SubgraphRoute route, long checkpointFrame, Func<Guid, bool> isConnected) =>
        Find(route.SubgraphId) is { } before
        && (_resting.Contains(route.SubgraphId) || !isConnected(before.Node))
        && isConnected(route.Node)
        && route.Epoch > before.Epoch
        && route.StartFrame == checkpointFrame
        && SignalsOf(route.Inputs).SequenceEqual(SignalsOf(before.Inputs))
        && SignalsOf(route.Outputs).SequenceEqual(SignalsOf(before.Outputs))
        && HasFreshStreams(route);

    private bool HasFreshStreams(SubgraphRoute route) =>
        StreamsOf(route).All(stream => stream > _largestStream)
        && StreamsOf(route).Distinct().Count() == route.Inputs.Length + route.Outputs.Length;

    private static IEnumerable<int> StreamsOf(SubgraphRoute route) => route.Inputs.Concat(route.Outputs).Select(stream => stream.StreamId);

    private static IEnumerable<(int Signal, int Width)> SignalsOf(ImmutableArray<StreamRoute> streams) => streams.Select(stream => (stream.SignalId, stream.AudioChannels));
}
