using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>The reading end of a channel. Lets any thread end the channel without pulling memory from under a reader: the pipe is
/// completed when the reader hands back what it holds.</summary>
internal sealed class GuardedPipeReader(PipeClusterChannel channel, PipeReader inner) : WaitingPipeReader
{
    private readonly WaitingPipeReader? _waiting = inner as WaitingPipeReader;
    private readonly Lock _gate = new();
    private bool _isHeld;
    private bool _isEnding;
    private bool _isCompleted;
    private Exception? _cause;

    public override bool CanWait => _waiting is { CanWait: true };

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Hold();
        return ReadHeldAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        Hold();
        try
        {
            if (!inner.TryRead(out result))
            {
                Release();
                return false;
            }
        }
        catch (Exception exception)
        {
            Release();
            throw channel.Translate(exception);
        }

        ThrowIfEnded(result);
        return true;
    }

    public override bool Wait(int milliseconds)
    {
        // The sleeper holds no memory, so an end from another thread need not wait for it.
        ThrowIfEnding();
        try
        {
            return _waiting?.Wait(milliseconds) ?? throw new NotSupportedException("This channel's pipe cannot be waited at.");
        }
        catch (IOException exception)
        {
            throw channel.Translate(exception);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        inner.AdvanceTo(consumed, examined);
        Release();
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // The reader's own call: it holds nothing that it still looks at.
        lock (_gate)
        {
            _isHeld = false;
            _isEnding = true;
            CompleteInner(exception);
        }
    }

    /// <summary>Ends reading from any thread: at once when nobody reads, else when the reader lets go.</summary>
    public void End(Exception? cause)
    {
        bool isHeld;
        lock (_gate)
        {
            if (_isEnding)
            {
                return;
            }

            _isEnding = true;
            _cause = cause;
            isHeld = _isHeld;
            if (!isHeld)
            {
                CompleteInner(cause);
            }
        }

        if (isHeld)
        {
            inner.CancelPendingRead();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadHeldAsync(CancellationToken cancellationToken)
    {
        ReadResult result;
        try
        {
            result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Release();
            throw;
        }
        catch (Exception exception)
        {
            Release();
            throw channel.Translate(exception);
        }

        ThrowIfEnded(result);
        return result;
    }

    private void ThrowIfEnded(in ReadResult result)
    {
        if (channel.Failure is { } failure)
        {
            inner.AdvanceTo(result.Buffer.Start);
            Release();
            throw failure;
        }
    }

    private void Hold()
    {
        lock (_gate)
        {
            ThrowIfEnding();
            _isHeld = true;
        }
    }

    private void ThrowIfEnding()
    {
        if (Volatile.Read(ref _isEnding))
        {
            throw channel.Failure ?? (Exception)new InvalidOperationException("Reading has been completed.");
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            _isHeld = false;
            if (_isEnding)
            {
                CompleteInner(_cause);
            }
        }
    }

    private void CompleteInner(Exception? cause)
    {
        if (!_isCompleted)
        {
            _isCompleted = true;
            inner.Complete(cause);
        }
    }
}
