using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Keeps what is written until the flush, and sends it then in one system call on the caller's thread. Only what the network
/// does not take at once is left to a loop, which goes on with it whatever becomes of the flush.</summary>
internal sealed class AudioLineWriter : PipeWriter
{
    private readonly AudioLine _line;
    private readonly Lock _gate = new();
    private readonly AudioOutbox _outbox;
    private readonly AudioOutbox? _plain;
    private readonly AudioSignal _work = new();
    private readonly AudioSignal _room = new();
    private TransportException? _fault;
    private bool _isDraining;
    private bool _isCompleted;
    private int _isCanceled;
    private int _left;

    /// <param name="line">Where what is written goes.</param>
    /// <param name="memories">For what is written.</param>
    /// <param name="sealedMemories">For what is made of it, if the line encrypts.</param>
    public AudioLineWriter(AudioLine line, AudioMemories memories, AudioMemories? sealedMemories)
    {
        _line = line;
        var written = new AudioOutbox(_gate, memories);
        (_plain, _outbox) = sealedMemories is null ? (null, written) : (written, new AudioOutbox(_gate, sealedMemories));
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => (_plain ?? _outbox).GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => (_plain ?? _outbox).GetSpan(sizeHint);

    public override void Advance(int bytes) => (_plain ?? _outbox).Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return TryCommitAndSend() ? default : FlushWhenSentAsync(cancellationToken);
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
                lock (_gate)
                {
                    Commit();
                }
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
            await _line.Started.ConfigureAwait(false);
            lock (_gate)
            {
                Seal();
            }

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
                        count = await _line.SendAsync(bytes).ConfigureAwait(false);
                    }
                    finally
                    {
                        lock (_gate)
                        {
                            _outbox.Return(count);
                        }
                    }
                }

                _room.Set();
            }
            while (!isLast);
            await _line.EndAsync().ConfigureAwait(false);
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
            lock (_gate)
            {
                _outbox.Free();
                _plain?.Free();
            }
        }
    }

    /// <summary>Lets what was written leave. Under the gate.</summary>
    private void Commit()
    {
        (_plain ?? _outbox).Commit();
        Seal();
    }

    /// <summary>Encrypts what may leave. Under the gate.</summary>
    private void Seal()
    {
        // The greeting has the line to itself.
        if (_plain is not null && _line.HasStarted)
        {
            _line.Seal(_plain, _outbox);
        }
    }

    /// <returns>Whether all is sent; if not, the loop has the rest.</returns>
    private bool TryCommitAndSend()
    {
        lock (_gate)
        {
            Commit();
            if (_isDraining)
            {
                return false;
            }

            _isDraining = !TrySendAll();
            _plain?.Rewind();
            _outbox.Rewind();
            if (!_isDraining)
            {
                return true;
            }
        }

        _work.Set();
        return false;
    }

    /// <summary>Sends until the network takes no more. Under the gate.</summary>
    private bool TrySendAll()
    {
        var canSend = _line.HasStarted;
        while (canSend && !_outbox.IsEmpty)
        {
            var count = 0;
            try
            {
                count = _line.TrySend(_outbox.Lend());
            }
            finally
            {
                _outbox.Return(count);
            }

            canSend = count > 0;
        }

        return _outbox.IsEmpty && canSend;
    }

    private bool TryLend(out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            bytes = _outbox.LendMemory();
            _isDraining = !bytes.IsEmpty;
            return _isDraining;
        }
    }
}
