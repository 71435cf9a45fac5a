namespace Loophole.Cluster.Hub;

/// <summary>The checkpoints of one subgraph from which it can go on: the newest, and those before it back to what will never change again. Safe for concurrent use.</summary>
/// <remarks>A checkpoint travels on a channel of its own and may overtake the audio rendered before it. Going on from it then would leave a
/// hole, so it is offered first, and kept once the audio up to it has arrived.</remarks>
internal sealed class CheckpointTrail
{
    private const int Nobody = -1;

    /// <summary>Checkpoints that may wait for the audio before them, which is more than a node that is honest is ever ahead of its own audio.</summary>
    private const int MostOffered = 16;

    private readonly Lock _gate = new();
    private readonly List<Slot> _kept = [];
    private readonly Stack<Slot> _free = [];
    private readonly List<Slot> _offered = [];
    private int _epoch = Nobody;
    private long _beginning;

    /// <summary>From now on this assignment is heard, and no other. [control]</summary>
    public void Assign(int epoch)
    {
        lock (_gate)
        {
            DropOffers();
            _epoch = epoch;
        }
    }

    /// <summary>Forgets what lies after a frame, and hears nobody until somebody is assigned. [control]</summary>
    public void Cut(long frame)
    {
        lock (_gate)
        {
            DropOffers();
            _epoch = Nobody;
            while (_kept.Count > 0 && _kept[^1].Position > frame)
            {
                Free(_kept, _kept.Count - 1);
            }
        }
    }

    /// <summary>Takes a checkpoint, later than those before it. None is left out for a later one: the host keeps audio for so long as they are apart. [any]</summary>
    public void Offer(int epoch, long position, ReadOnlySpan<byte> checkpoint)
    {
        lock (_gate)
        {
            if (epoch == _epoch)
            {
                if (_offered.Count == MostOffered)
                {
                    Free(_offered, MostOffered - 1);
                }

                var slot = _free.TryPop(out var free) ? free : new Slot();
                slot.Set(position, checkpoint);
                _offered.Add(slot);
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
            while (epoch == _epoch && _offered.Count > 0 && _offered[0].Position <= arrivedFrame)
            {
                _kept.Add(_offered[0]);
                _offered.RemoveAt(0);
            }

            while (_kept.Count > 1 && _kept[1].Position <= floorFrame)
            {
                Free(_kept, 0);
            }

            return _kept.Count == 0 ? 0 : _kept[0].Position;
        }
    }

    /// <summary>Where the newest checkpoint kept is; 0 when there is none. [any]</summary>
    public long NewestFrame
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count == 0 ? 0 : _kept[^1].Position;
            }
        }
    }

    /// <summary>A copy of the newest checkpoint kept; position 0 and no bytes when there is none. [any]</summary>
    public (long Position, byte[] Checkpoint) Newest() => NewestUpTo(long.MaxValue);

    /// <summary>A copy of the newest checkpoint kept at a frame or before it; else the one that it began with, or position 0 and no bytes. [any]</summary>
    public (long Position, byte[] Checkpoint) NewestUpTo(long frame)
    {
        lock (_gate)
        {
            var newest = _kept.FindLast(slot => slot.Position <= frame) ?? (_beginning > 0 ? _kept.FirstOrDefault() : null);
            return newest is null ? (0, []) : (newest.Position, newest.Bytes.ToArray());
        }
    }

    /// <summary>What comes before this frame cannot be rendered again by it: it began there. [any]</summary>
    public long Beginning
    {
        get
        {
            lock (_gate)
            {
                return _beginning;
            }
        }
    }

    /// <summary>Begins with a checkpoint that comes from elsewhere. [control]</summary>
    public void Begin(long position, ReadOnlySpan<byte> checkpoint)
    {
        lock (_gate)
        {
            var slot = new Slot();
            slot.Set(position, checkpoint);
            _kept.Add(slot);
            _beginning = position;
        }
    }

    private void DropOffers()
    {
        while (_offered.Count > 0)
        {
            Free(_offered, _offered.Count - 1);
        }
    }

    private void Free(List<Slot> slots, int index)
    {
        _free.Push(slots[index]);
        slots.RemoveAt(index);
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
