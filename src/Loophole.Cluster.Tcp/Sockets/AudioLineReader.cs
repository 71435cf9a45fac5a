using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Reads a line when it is asked to, into one large piece of memory that is parsed in place. What is not read stays in the
/// network, so a peer can make this side hold no more than the reader has consented to.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without a timer there is nothing to free, and an end may come late.")]
internal sealed class AudioLineReader(AudioLine line, AudioMemories memories) : WaitingPipeReader
{
    private const int LeastRoom = 4096;

    private readonly Lock _gate = new();
    private CancellationTokenSource _wake = new();
    private AudioMemory? _memory;
    private ReadOnlySequence<byte> _given;
    private int _start;
    private int _end;
    private bool _isHolding;
    private bool _hasUnexamined;
    private int _isCanceled;

    /// <summary>Whether the peer has ended its side in good order, and all before it was read.</summary>
    public bool HasEnded { get; private set; }

    public override bool TryRead(out ReadResult result)
    {
        if (!TryGather(TimeSpan.Zero, out var isCanceled))
        {
            result = default;
            return false;
        }

        _given = _isHolding ? new ReadOnlySequence<byte>(_memory!.Memory[_start.._end]) : ReadOnlySequence<byte>.Empty;
        result = new ReadResult(_given, isCanceled, HasEnded);
        return true;
    }

    public override bool TryRead(TimeSpan longest, out ReadOnlySpan<byte> bytes, out bool isCompleted)
    {
        var isThere = TryGather(longest, out _);
        bytes = isThere && _isHolding ? _memory!.Span(_start, _end - _start) : default;
        isCompleted = HasEnded;
        return isThere;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<ReadResult>(cancellationToken) :
        TryRead(out var result) ? new ValueTask<ReadResult>(result) : ReadWhenThereAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _hasUnexamined = !_given.Slice(examined).IsEmpty;
        _start = _end - (int)_given.Slice(consumed).Length;
        _given = default;
        LetGoOfNothing();
    }

    public override void Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_end - _start), nameof(count));
        _hasUnexamined = false;
        _start += count;
        LetGoOfNothing();
    }

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _isCanceled, 1);
        Wake();
    }

    public override void Complete(Exception? exception = null)
    {
        _given = default;
        _start = _end = 0;
        LetGoOfNothing();
        memories.Leave();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadWhenThereAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static reader => ((AudioLineReader)reader!).Wake(), this);
        while (true)
        {
            try
            {
                // Not the caller's token: an end of the channel has to wake this, too.
                await line.WaitAsync(_wake.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Rearm();
            }
            catch (Exception exception) when (TcpErrors.IsOfLine(exception))
            {
                throw TcpErrors.OfChannel(exception);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(out var result))
            {
                return result;
            }
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            // Its one callback queues the waiting read; nothing of ours runs in here.
            _wake.Cancel();
        }
    }

    private void Rearm()
    {
        lock (_gate)
        {
            _wake = new CancellationTokenSource();
        }
    }

    /// <summary>Sees to it that there is something to give.</summary>
    private bool TryGather(TimeSpan longest, out bool isCanceled)
    {
        isCanceled = Interlocked.Exchange(ref _isCanceled, 0) != 0;
        return isCanceled || _hasUnexamined || HasEnded || TryFill(longest);
    }

    private bool TryFill(TimeSpan longest)
    {
        if (!line.HasStarted && !line.Started.Wait(longest, CancellationToken.None))
        {
            return false;
        }

        var memory = WithRoom();
        try
        {
            var count = line.Receive(memory.Span(_end, memory.Length - _end), longest);
            HasEnded = count == 0;
            _end += Math.Max(count, 0);
            LetGoOfNothing();
            return count >= 0;
        }
        catch (Exception exception) when (TcpErrors.IsOfLine(exception))
        {
            throw TcpErrors.OfChannel(exception);
        }
    }

    /// <summary>Lets go of the memory when there is nothing in it.</summary>
    private void LetGoOfNothing()
    {
        if (_isHolding && _start == _end)
        {
            _start = _end = 0;
            _isHolding = false;
            memories.Give(_memory!);
        }
    }

    private AudioMemory WithRoom()
    {
        if (!_isHolding)
        {
            memories.Take(ref _memory);
            _isHolding = true;
        }

        return _start == 0 && _memory!.Length - _end >= LeastRoom ? _memory : MakeRoom(_memory!);
    }

    /// <summary>Brings what is left to the front, and grows when that is still most of it: then a single frame is larger.</summary>
    private AudioMemory MakeRoom(AudioMemory memory)
    {
        var rest = memory.Span(_start, _end - _start);
        var target = rest.Length > memory.Length - LeastRoom ? memories.Replace(memory, (memory.Length + LeastRoom) * 2) : memory;
        rest.CopyTo(target.Span(0, rest.Length));
        (_start, _end) = (0, rest.Length);
        if (target != memory)
        {
            memory.Dispose();
            _memory = target;
        }

        return target;
    }
}
