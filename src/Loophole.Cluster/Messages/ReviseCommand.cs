using System.Collections.Immutable;
using Loophole.Cluster.Gestures;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.revise</c>: what comes from a frame on is other than was said. Subgraphs that it concerns start anew; the others have no part in what is new.</summary>
/// <param name="FromFrame">Events from this render frame on are forgotten.</param>
/// <param name="Events">What comes instead, in order.</param>
/// <param name="KnownBefore">No further event will have a render frame before this one.</param>
/// <param name="Routes">The subgraphs of this Signal that start anew, from a checkpoint at or before <paramref name="FromFrame"/>; as with <c>cluster.deploy</c>, once the host says so.</param>
/// <param name="Gestures">What hands are on from now on.</param>
internal sealed record ReviseCommand(long FromFrame, ImmutableArray<RenderEvent> Events, long KnownBefore, ImmutableArray<SubgraphRoute> Routes, OpenGestures Gestures)
{
    /// <summary>What contradicts itself here, or <see langword="null"/>.</summary>
    public string? FindFault() =>
        FromFrame < 0 || KnownBefore < FromFrame ? $"Nothing is known from frame {FromFrame} to {KnownBefore}." :
        Routes.Contains(null!) || Routes.DistinctBy(route => route.SubgraphId).Count() != Routes.Length ? "A route is null, or two are of one subgraph." :
        Gestures.SubgraphIds.Contains(null!) || Gestures.Streams.Contains(null!) || Gestures.Streams.DistinctBy(stream => stream.Id).Count() != Gestures.Streams.Length ? "A gesture is null, or two have one number." : null;
}
