using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Devices;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>The writing end of a channel. Lets any thread end the channel without pulling memory from under a writer: the pipe is
/// completed when the writer has advanced or its flush has returned.</summary>
internal sealed class GuardedPipeWriter(PipeClusterChannel channel, PipeWriter inner) : PipeWriter
{
    private readonly EndGate _gate = new(inner.Complete);

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
        _gate.Release();
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Hold();
        var flushing = BeginFlush(cancellationToken);
        if (!flushing.IsCompletedSuccessfully)
        {
            return FlushHeldAsync(flushing, cancellationToken);
        }

        // Mostly the network takes it at once, and then no state machine needs to run.
        var result = flushing.Result;
        _gate.Release();
        return channel.Failure is { } failure ? ValueTask.FromException<FlushResult>(failure) : new ValueTask<FlushResult>(result);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        _gate.EndNow(exception);
    }

    /// <summary>Ends writing from any thread: at once when nobody writes, else when the writer lets go.</summary>
    public void End(Exception? cause)
    {
        if (_gate.End(cause))
        {
            inner.CancelPendingFlush();
        }
    }

    private ValueTask<FlushResult> BeginFlush(CancellationToken cancellationToken)
    {
        try
        {
            return inner.FlushAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<FlushResult>(exception);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushHeldAsync(ValueTask<FlushResult> flushing, CancellationToken cancellationToken)
    {
        FlushResult result;
        try
        {
            result = await flushing.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _gate.Release();
            throw;
        }
        catch (Exception exception)
        {
            _gate.Release();
            throw channel.Translate(exception);
        }

        _gate.Release();
        return channel.Failure is { } failure ? throw failure : result;
    }

    private void Hold()
    {
        AudioThread.Trip(AudioThreadFault.Network, "a channel");
        if (!_gate.TryHold())
        {
            throw channel.Failure ?? (Exception)new InvalidOperationException("Writing has been completed.");
        }
    }
}
