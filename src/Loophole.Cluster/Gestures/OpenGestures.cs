using System.Collections.Immutable;

namespace Loophole.Cluster.Gestures;

/// <summary>What hands are on, and what may not be rendered far ahead because of it.</summary>
/// <param name="Streams">The parameters.</param>
/// <param name="SubgraphIds">The subgraphs that hear them.</param>
/// <param name="KnownBefore">Up to where they may be rendered, until a <see cref="GestureBundle"/> says more.</param>
/// <param name="Bundles">How many bundles came before this.</param>
internal sealed record OpenGestures(ImmutableArray<GestureStream> Streams, ImmutableArray<string> SubgraphIds, long KnownBefore, uint Bundles)
{
    public static OpenGestures None { get; } = new([], [], 0, 0);
}
