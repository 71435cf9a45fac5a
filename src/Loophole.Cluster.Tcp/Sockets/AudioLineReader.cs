using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Reads a line when it is asked to, into one large piece of memory that is parsed in place. What is not read stays in the
/// network, so a peer can make this side hold no more than the reader has consented to.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without a timer there is nothing to free, and an end may come late.")]
internal sealed class AudioLineReader(AudioLine line, MemoryPool<byte> pool, int size) : WaitingPipeReader
{
    private const int LeastRoom = 4096;

    private readonly Lock _gate = new();
    private CancellationTokenSource _wake = new();
    private IMemoryOwner<byte>? _owner;
    private ReadOnlySequence<byte> _given;
    private int _start;
    private int _end;
    private bool _hasUnexamined;
    private int _isCanceled;

    /// <summary>Whether the peer has ended its side in good order, and all before it was read.</summary>
    public bool HasEnded { get; private set; }

    public override bool TryRead(out ReadResult result) => TryRead(TimeSpan.Zero, out result);

    public override bool TryRead(TimeSpan longest, out ReadResult result)
    {
        var isCanceled = Interlocked.Exchange(ref _isCanceled, 0) != 0;
        if (!isCanceled && !_hasUnexamined && !HasEnded && !TryFill(longest))
        {
            result = default;
            return false;
        }

        _given = _owner is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_owner.Memory[_start.._end]);
        result = new ReadResult(_given, isCanceled, HasEnded);
        return true;
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
    }

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _isCanceled, 1);
        Wake();
    }

    public override void Complete(Exception? exception = null)
    {
        _owner?.Dispose();
        _owner = null;
        _start = _end = 0;
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

    private bool TryFill(TimeSpan longest)
    {
        if (!line.Started.IsCompleted && !line.Started.Wait(longest, CancellationToken.None))
        {
            return false;
        }

        MakeRoom();
        try
        {
            var count = line.Receive(_owner!.Memory.Span[_end..], longest);
            HasEnded = count == 0;
            _end += Math.Max(count, 0);
            return count >= 0;
        }
        catch (Exception exception) when (TcpErrors.IsOfLine(exception))
        {
            throw TcpErrors.OfChannel(exception);
        }
    }

    /// <summary>Brings what is left to the front, and grows when that is still most of it: then a single frame is larger.</summary>
    private void MakeRoom()
    {
        _owner ??= AudioMemory.Rent(pool, size);
        var rest = _owner.Memory[_start.._end];
        if (rest.Length > _owner.Memory.Length - LeastRoom)
        {
            var larger = AudioMemory.Rent(pool, (_owner.Memory.Length + LeastRoom) * 2);
            rest.CopyTo(larger.Memory);
            _owner.Dispose();
            _owner = larger;
        }
        else if (_start > 0)
        {
            rest.CopyTo(_owner.Memory);
        }

        (_start, _end) = (0, rest.Length);
    }
}
