using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>The writing end of a channel. Lets any thread end the channel without pulling memory from under a writer: the pipe is
/// completed when the writer has advanced or its flush has returned.</summary>
internal sealed class GuardedPipeWriter(PipeClusterChannel channel, PipeWriter inner) : PipeWriter
{
    private readonly Lock _gate = new();
    private bool _isHeld;
    private bool _isEnding;
    private bool _isCompleted;
    private Exception? _cause;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Hold();
        return inner.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Hold();
        return inner.GetSpan(sizeHint);
    }

    public override void Advance(int bytes)
    {
        inner.Advance(bytes);
        Release();
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Hold();
        return FlushHeldAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            _isHeld = false;
            _isEnding = true;
            CompleteInner(exception);
        }
    }

    /// <summary>Ends writing from any thread: at once when nobody writes, else when the writer lets go.</summary>
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
            inner.CancelPendingFlush();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushHeldAsync(CancellationToken cancellationToken)
    {
        FlushResult result;
        try
        {
            result = await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
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

        Release();
        return channel.Failure is { } failure ? throw failure : result;
    }

    private void Hold()
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                throw channel.Failure ?? (Exception)new InvalidOperationException("Writing has been completed.");
            }

            _isHeld = true;
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
