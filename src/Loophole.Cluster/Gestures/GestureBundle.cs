using System.Collections.Immutable;

namespace Loophole.Cluster.Gestures;

/// <summary>What moved since the last one.</summary>
/// <param name="Number">Counts bundles from 0.</param>
/// <param name="KnownBefore">Nothing else will move before this render frame.</param>
/// <param name="Values">The values, by (frame, sequence).</param>
internal sealed record GestureBundle(uint Number, long KnownBefore, ImmutableArray<GestureValue> Values);
