using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Keeps what is written until the flush, and sends it then in one system call on the caller's thread. Only what the network
/// does not take at once is left to a loop, which goes on with it whatever becomes of the flush.</summary>
internal sealed class AudioLineWriter(AudioLine line, MemoryPool<byte> pool, int size) : PipeWriter
{
    private readonly AudioOutbox _outbox = new(pool, size);
    private readonly AudioOutbox? _plain = line.IsSecure ? new AudioOutbox(pool, size) : null;
    private readonly AudioSignal _work = new();
    private readonly AudioSignal _room = new();
    private readonly Lock _gate = new();
    private TransportException? _fault;
    private bool _isDraining;
    private bool _isCompleted;
    private int _isCanceled;
    private int _left;

    public override Memory<byte> GetMemory(int sizeHint = 0) => (_plain ?? _outbox).GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => (_plain ?? _outbox).GetSpan(sizeHint);

    public override void Advance(int bytes) => (_plain ?? _outbox).Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            Commit();
            return TrySendAll() ? default : FlushWhenSentAsync(cancellationToken);
        }
        catch (Exception exception) when (TcpErrors.IsOfLine(exception))
        {
            throw TcpErrors.OfChannel(exception);
        }
    }

    public override void CancelPendingFlush()
    {
        Volatile.Write(ref _isCanceled, 1);
        _room.Set();
    }

    public override void Complete(Exception? exception = null)
    {
        if (exception is null)
        {
            try
            {
                Commit();
            }
            catch (Exception late) when (TcpErrors.IsOfLine(late))
            {
                // The loop meets the same.
            }
        }

        Volatile.Write(ref _isCompleted, true);
        _work.Set();
        Leave();
    }

    /// <summary>Sends what flushes could not, until the writer is completed and all is sent; then ends this side.</summary>
    /// <exception cref="TransportException">The line is lost.</exception>
    public async Task DrainAsync()
    {
        try
        {
            await line.Started.ConfigureAwait(false);
            Seal();
            bool isLast;
            do
            {
                await _work.WaitAsync().ConfigureAwait(false);

                // Asked before looking: what is committed before completion must not be left behind.
                isLast = Volatile.Read(ref _isCompleted);
                while (TryLend(out var bytes))
                {
                    var count = 0;
                    try
                    {
                        count = await line.SendAsync(bytes).ConfigureAwait(false);
                    }
                    finally
                    {
                        _outbox.Return(count);
                    }
                }

                _room.Set();
            }
            while (!isLast);
            await line.EndAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (TcpErrors.IsOfLine(exception))
        {
            lock (_gate)
            {
                (_fault, _isDraining) = (TcpErrors.OfChannel(exception), true);
            }

            throw _fault;
        }
        finally
        {
            _room.Set();
            Leave();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushWhenSentAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static writer => ((AudioLineWriter)writer!)._room.Set(), this);
        while (true)
        {
            lock (_gate)
            {
                if (!_isDraining)
                {
                    return default;
                }

                if (_fault is not null)
                {
                    throw _fault;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (Interlocked.Exchange(ref _isCanceled, 0) != 0)
            {
                return new FlushResult(isCanceled: true, isCompleted: false);
            }

            await _room.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Gives the memory back when neither the loop nor the writer's user looks at it any more.</summary>
    private void Leave()
    {
        if (Interlocked.Increment(ref _left) == 2)
        {
            _outbox.Free();
            _plain?.Free();
        }
    }

    private void Commit()
    {
        (_plain ?? _outbox).Commit();
        Seal();
    }

    private void Seal()
    {
        lock (_gate)
        {
            // The greeting has the line to itself.
            if (_plain is not null && line.Started.IsCompleted)
            {
                line.Seal(_plain, _outbox);
            }
        }
    }

    /// <returns>Whether all is sent; if not, the loop has the rest.</returns>
    private bool TrySendAll()
    {
        lock (_gate)
        {
            if (_isDraining)
            {
                return false;
            }

            _isDraining = !line.Started.IsCompleted;
            while (!_isDraining && _outbox.Lend() is { IsEmpty: false } bytes)
            {
                var count = 0;
                try
                {
                    count = line.TrySend(bytes.Span);
                    _isDraining = count == 0;
                }
                finally
                {
                    _outbox.Return(count);
                }
            }

            _plain?.Rewind();
            _outbox.Rewind();
        }

        if (_isDraining)
        {
            _work.Set();
        }

        return !_isDraining;
    }

    private bool TryLend(out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            bytes = _outbox.Lend();
            _isDraining = !bytes.IsEmpty;
            return _isDraining;
        }
    }
}
