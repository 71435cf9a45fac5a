using System.Collections.Immutable;

namespace Loophole.Cluster.Meters;

/// <summary>Windows that were finished since the last one.</summary>
/// <param name="Number">Counts bundles from 0.</param>
/// <param name="Dropped">Windows that were left out by now, because they were not taken in time.</param>
/// <param name="Windows">The windows, one or more; those of one meter in order.</param>
internal sealed record MeterBundle(uint Number, uint Dropped, ImmutableArray<MeterWindow> Windows);
