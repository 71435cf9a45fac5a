namespace Loophole.Cluster.Hub;

/// <summary>The newest checkpoint of each subgraph. Safe for concurrent use.</summary>
internal sealed class CheckpointStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _newest = [];

    /// <summary>Takes a checkpoint; an older one of the subgraph is overwritten in place. [any]</summary>
    public void Put(string subgraphId, long position, ReadOnlySpan<byte> checkpoint)
    {
        lock (_gate)
        {
            if (!_newest.TryGetValue(subgraphId, out var entry))
            {
                _newest.Add(subgraphId, entry = new Entry());
            }

            if (entry.Bytes.Length < checkpoint.Length)
            {
                entry.Bytes = new byte[checkpoint.Length];
            }

            checkpoint.CopyTo(entry.Bytes);
            (entry.Length, entry.Position) = (checkpoint.Length, position);
        }
    }

    /// <summary>A copy of the newest checkpoint; position 0 and no bytes when there is none. [any]</summary>
    public (long Position, byte[] Checkpoint) Get(string subgraphId)
    {
        lock (_gate)
        {
            return _newest.TryGetValue(subgraphId, out var entry) ? (entry.Position, entry.Bytes.AsSpan(0, entry.Length).ToArray()) : (0, []);
        }
    }

    private sealed class Entry
    {
        public byte[] Bytes { get; set; } = [];

        public int Length { get; set; }

        public long Position { get; set; }
    }
}
