namespace Loophole.Cluster.Hub;

/// <summary>The checkpoints of one subgraph from which it can go on: the newest, and those before it back to what will never change again. Safe for concurrent use.</summary>
/// <remarks>A checkpoint travels on a channel of its own and may overtake the audio rendered before it. Going on from it then would leave a
/// hole, so it is offered first, and kept once the audio up to it has arrived.</remarks>
internal sealed class CheckpointTrail
{
    private const int Nobody = -1;

    private readonly Lock _gate = new();
    private readonly List<Slot> _kept = [];
    private readonly Stack<Slot> _free = [];
    private Slot? _offered;
    private int _epoch = Nobody;

    /// <summary>From now on this assignment is heard, and no other. [control]</summary>
    public void Assign(int epoch)
    {
        lock (_gate)
        {
            DropOffer();
            _epoch = epoch;
        }
    }

    /// <summary>Forgets what lies after a frame, and hears nobody until somebody is assigned. [control]</summary>
    public void Cut(long frame)
    {
        lock (_gate)
        {
            DropOffer();
            _epoch = Nobody;
            while (_kept.Count > 0 && _kept[^1].Position > frame)
            {
                Free(_kept.Count - 1);
            }
        }
    }

    /// <summary>Takes a checkpoint in the place of the one offered before. [any]</summary>
    public void Offer(int epoch, long position, ReadOnlySpan<byte> checkpoint)
    {
        lock (_gate)
        {
            if (epoch == _epoch)
            {
                _offered ??= _free.TryPop(out var free) ? free : new Slot();
                _offered.Set(position, checkpoint);
            }
        }
    }

    /// <summary>Keeps what was offered when the audio before it is there, and forgets what is not needed any more. [any]</summary>
    /// <param name="epoch">Whose audio has arrived; that of an earlier assignment says nothing.</param>
    /// <param name="arrivedFrame">Every output of the subgraph has arrived up to here.</param>
    /// <param name="floorFrame">Nothing before this frame will be changed: of the checkpoints up to it the newest is enough.</param>
    /// <returns>The frame from which inputs may be asked for again.</returns>
    public long Settle(int epoch, long arrivedFrame, long floorFrame)
    {
        lock (_gate)
        {
            if (epoch == _epoch && _offered is { } offered && offered.Position <= arrivedFrame)
            {
                _kept.Add(offered);
                _offered = null;
            }

            while (_kept.Count > 1 && _kept[1].Position <= floorFrame)
            {
                Free(0);
            }

            return _kept.Count == 0 ? 0 : _kept[0].Position;
        }
    }

    /// <summary>A copy of the newest checkpoint kept; position 0 and no bytes when there is none. [any]</summary>
    public (long Position, byte[] Checkpoint) Newest()
    {
        lock (_gate)
        {
            return _kept.Count == 0 ? (0, []) : (_kept[^1].Position, _kept[^1].Bytes.ToArray());
        }
    }

    private void DropOffer()
    {
        if (_offered is { } offered)
        {
            _free.Push(offered);
            _offered = null;
        }
    }

    private void Free(int index)
    {
        _free.Push(_kept[index]);
        _kept.RemoveAt(index);
    }

    /// <summary>A buffer that is used again, so that checkpoints allocate only until they are as many and as large as they get.</summary>
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
