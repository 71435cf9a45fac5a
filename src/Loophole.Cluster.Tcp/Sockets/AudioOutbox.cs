using System.Buffers;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Bytes on their way out, in one piece of rented memory: written at the back by one thread, sent from the front by another.</summary>
/// <remarks>The back is the writer's alone, so a block costs no lock. Everything else is done under the gate, which whoever calls has entered: once
/// for all that a flush does. Holds what its writer puts in between two flushes, and beyond that only what the network does not take.</remarks>
internal sealed class AudioOutbox(Lock gate, MemoryPool<byte> pool, int size) : IBufferWriter<byte>
{
    private IMemoryOwner<byte>? _owner;
    private IMemoryOwner<byte>? _lent;
    private int _head;
    private int _committed;
    private int _tail;
    private bool _isLent;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var room = Math.Max(sizeHint, 1);
        if (_owner is null || _owner.Memory.Length - _tail < room)
        {
            MakeRoom(room);
        }

        return _owner!.Memory[_tail..];
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (_owner?.Memory.Length ?? 0) - _tail);
        _tail += count;
    }

    /// <summary>Whether nothing may be sent.</summary>
    public bool IsEmpty => _head == _committed;

    /// <summary>Lets everything written so far be sent.</summary>
    public void Commit() => _committed = _tail;

    /// <summary>Lends what may be sent, until <see cref="Return"/>. Meanwhile it stays where it is, whatever is written.</summary>
    public ReadOnlyMemory<byte> Lend()
    {
        if (IsEmpty)
        {
            return default;
        }

        _isLent = true;
        return _owner!.Memory[_head.._committed];
    }

    /// <summary>Takes back what was lent and forgets the bytes at its front that were sent.</summary>
    public void Return(int sent)
    {
        _isLent = false;
        _lent?.Dispose();
        _lent = null;
        _head += sent;
    }

    /// <summary>Begins anew at the front when everything is sent. By the writer: between asking for room and advancing it holds a piece of this.</summary>
    public void Rewind()
    {
        if (_head == _tail && !_isLent)
        {
            _head = _committed = _tail = 0;
        }
    }

    /// <summary>Gives the memory back. Nobody may be using it.</summary>
    public void Free()
    {
        _owner?.Dispose();
        _lent?.Dispose();
        _owner = _lent = null;
        _head = _committed = _tail = 0;
    }

    private void MakeRoom(int room)
    {
        lock (gate)
        {
            if (_owner is null)
            {
                _owner = AudioMemory.Rent(pool, Math.Max(size, room));
            }
            else
            {
                Move(room);
            }
        }
    }

    private void Move(int room)
    {
        var written = _owner!.Memory[_head.._tail];
        var target = _owner;
        if (_isLent || written.Length + room > _owner.Memory.Length)
        {
            target = AudioMemory.Rent(pool, Math.Max(_owner.Memory.Length * 2, written.Length + room));
        }

        written.CopyTo(target.Memory);
        if (target != _owner)
        {
            if (_isLent && _lent is null)
            {
                _lent = _owner;
            }
            else
            {
                _owner.Dispose();
            }
        }

        (_owner, _head, _committed, _tail) = (target, 0, _committed - _head, _tail - _head);
    }
}
