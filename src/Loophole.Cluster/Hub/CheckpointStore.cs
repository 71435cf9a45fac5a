namespace Loophole.Cluster.Hub;

/// <summary>The newest usable checkpoint of each subgraph. Safe for concurrent use.</summary>
/// <remarks>A checkpoint travels on a channel of its own and may overtake the audio rendered before it. Going on from it then would leave a
/// hole, so it is offered first, and kept once the audio up to it has arrived.</remarks>
internal sealed class CheckpointStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Takes a checkpoint in the place of the one offered before. [any]</summary>
    public void Offer(string subgraphId, long position, ReadOnlySpan<byte> checkpoint)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(subgraphId, out var entry))
            {
                _entries.Add(subgraphId, entry = new Entry());
            }

            entry.Offered.Set(position, checkpoint);
            entry.HasOffer = true;
        }
    }

    /// <summary>Forgets what was offered and not kept: whoever offered it is lost. [any]</summary>
    public void DropOffer(string subgraphId)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(subgraphId, out var entry))
            {
                entry.HasOffer = false;
            }
        }
    }

    /// <summary>Keeps what was offered when the audio before it is there. [any]</summary>
    /// <param name="subgraphId">The subgraph.</param>
    /// <param name="arrivedFrame">Every output of the subgraph has arrived up to here.</param>
    /// <param name="position">The position of the checkpoint kept.</param>
    /// <returns>Whether one was kept.</returns>
    public bool TryKeep(string subgraphId, long arrivedFrame, out long position)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(subgraphId, out var entry) || !entry.HasOffer || entry.Offered.Position > arrivedFrame)
            {
                position = 0;
                return false;
            }

            (entry.Kept, entry.Offered, entry.HasOffer) = (entry.Offered, entry.Kept, false);
            position = entry.Kept.Position;
            return true;
        }
    }

    /// <summary>A copy of the newest checkpoint kept; position 0 and no bytes when there is none. [any]</summary>
    public (long Position, byte[] Checkpoint) Get(string subgraphId)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(subgraphId, out var entry) ? (entry.Kept.Position, entry.Kept.Bytes.ToArray()) : (0, []);
        }
    }

    private sealed class Entry
    {
        public Slot Kept { get; set; } = new();

        public Slot Offered { get; set; } = new();

        public bool HasOffer { get; set; }
    }

    private sealed class Slot
    {
        private byte[] _bytes = [];
        private int _length;

        public long Position { get; private set; }

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

        public void Set(long position, ReadOnlySpan<byte> checkpoint)
        {
            if (_bytes.Length < checkpoint.Length)
            {
                _bytes = new byte[checkpoint.Length];
            }

            checkpoint.CopyTo(_bytes);
            (_length, Position) = (checkpoint.Length, position);
        }
    }
}
