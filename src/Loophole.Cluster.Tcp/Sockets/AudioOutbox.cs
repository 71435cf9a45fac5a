using System.Buffers;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Bytes on their way out, in one piece of rented memory: written at the back by one thread, sent from the front by another.</summary>
/// <remarks>The back is the writer's alone, so a block costs no lock. Everything else is done under the gate, which whoever calls has entered: once
/// for all that a flush does. Holds what its writer puts in between two flushes, and beyond that only what the network does not take.</remarks>
internal sealed class AudioOutbox(Lock gate, AudioMemories memories) : IBufferWriter<byte>
{
    private AudioMemory? _memory;
    private AudioMemory? _lent;
    private bool _isHolding;
    private int _head;
    private int _committed;
    private int _tail;
    private bool _isLent;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var memory = WithRoom(sizeHint);
        return memory.Memory[_tail..];
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        var memory = WithRoom(sizeHint);
        return memory.Span(_tail, memory.Length - _tail);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (_isHolding ? _memory!.Length : 0) - _tail);
        _tail += count;
    }

    /// <summary>Whether nothing may be sent.</summary>
    public bool IsEmpty => _head == _committed;

    /// <summary>Lets everything written so far be sent.</summary>
    public void Commit() => _committed = _tail;

    /// <summary>Lends what may be sent, until <see cref="Return"/>. Meanwhile it stays where it is, whatever is written.</summary>
    public ReadOnlySpan<byte> Lend()
    {
        _isLent = !IsEmpty;
        return _isLent ? _memory!.Span(_head, _committed - _head) : default;
    }

    /// <summary>As <see cref="Lend"/>.</summary>
    public ReadOnlyMemory<byte> LendMemory()
    {
        _isLent = !IsEmpty;
        return _isLent ? _memory!.Memory[_head.._committed] : default;
    }

    /// <summary>Takes back what was lent and forgets the bytes at its front that were sent.</summary>
    public void Return(int sent)
    {
        _isLent = false;
        _lent?.Dispose();
        _lent = null;
        _head += sent;
    }

    /// <summary>Lets go of the memory when everything is sent. By the writer: between asking for room and advancing it holds a piece of this.</summary>
    public void Rewind()
    {
        if (_head == _tail && !_isLent)
        {
            LetGo();
        }
    }

    /// <summary>Gives the memory back. Nobody may be using it.</summary>
    public void Free()
    {
        _lent?.Dispose();
        _lent = null;
        LetGo();
        memories.Leave();
    }

    private void LetGo()
    {
        _head = _committed = _tail = 0;
        if (_isHolding)
        {
            _isHolding = false;
            memories.Give(_memory!);
        }
    }

    private AudioMemory WithRoom(int sizeHint)
    {
        if (!_isHolding)
        {
            memories.Take(ref _memory);
            _isHolding = true;
        }

        var room = Math.Max(sizeHint, 1);
        return _memory!.Length - _tail >= room ? _memory : MakeRoom(room);
    }

    private AudioMemory MakeRoom(int room)
    {
        lock (gate)
        {
            _memory = Move(_memory!, room);
            return _memory;
        }
    }

    private AudioMemory Move(AudioMemory memory, int room)
    {
        var written = memory.Span(_head, _tail - _head);
        var target = memory;
        if (_isLent || written.Length + room > memory.Length)
        {
            target = memories.Replace(memory, Math.Max(memory.Length * 2, written.Length + room));
        }

        written.CopyTo(target.Span(0, written.Length));
        if (target != memory)
        {
            if (_isLent && _lent is null)
            {
                _lent = memory;
            }
            else
            {
                memory.Dispose();
            }
        }

        (_head, _committed, _tail) = (0, _committed - _head, _tail - _head);
        return target;
    }
}
