using System.Collections.Concurrent;

namespace Loophole.Cluster.Hub;

/// <summary>The checkpoints of every subgraph. Safe for concurrent use.</summary>
internal sealed class CheckpointStore
{
    private readonly ConcurrentDictionary<string, CheckpointTrail> _trails = new();
    private long _floor = long.MaxValue;

    /// <summary>Nothing before this render frame will ever be changed. Without a playhead that is everything: what is in a file stays. [any]</summary>
    public long Floor { get => Volatile.Read(ref _floor); set => Volatile.Write(ref _floor, value); }

    /// <summary>Those of one subgraph. [any]</summary>
    public CheckpointTrail Of(string subgraphId) => _trails.GetOrAdd(subgraphId, static _ => new CheckpointTrail());
}
