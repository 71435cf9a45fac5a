using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Devices;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>The reading end of a channel. Lets any thread end the channel without pulling memory from under a reader: the pipe is
/// completed when the reader hands back what it holds.</summary>
internal sealed class GuardedPipeReader(PipeClusterChannel channel, PipeReader inner) : WaitingPipeReader
{
    private readonly WaitingPipeReader? _waiting = inner as WaitingPipeReader;
    private readonly EndGate _gate = new(inner.Complete);

    private WaitingPipeReader Waiting => _waiting ?? throw new NotSupportedException("This channel's pipe cannot be waited at.");

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
                _gate.Release();
                return false;
            }
        }
        catch (Exception exception)
        {
            _gate.Release();
            throw channel.Translate(exception);
        }

        ThrowIfEnded(result);
        return true;
    }

    public override bool TryRead(TimeSpan longest, out ReadOnlySpan<byte> bytes, out bool isCompleted)
    {
        Hold();
        try
        {
            if (!Waiting.TryRead(longest, out bytes, out isCompleted))
            {
                _gate.Release();
                return false;
            }
        }
        catch (Exception exception)
        {
            _gate.Release();
            throw channel.Translate(exception);
        }

        if (channel.Failure is { } failure)
        {
            Take(0);
            throw failure;
        }

        return true;
    }

    public override void Take(int count)
    {
        Waiting.Take(count);
        _gate.Release();
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        inner.AdvanceTo(consumed, examined);
        _gate.Release();
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // The reader's own call: it holds nothing that it still looks at.
        _gate.EndNow(exception);
    }

    /// <summary>Ends reading from any thread: at once when nobody reads, else when the reader lets go.</summary>
    public void End(Exception? cause)
    {
        if (_gate.End(cause))
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
            _gate.Release();
            throw;
        }
        catch (Exception exception)
        {
            _gate.Release();
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
            _gate.Release();
            throw failure;
        }
    }

    private void Hold()
    {
        AudioThread.Trip(AudioThreadFault.Network, "a channel");
        if (!_gate.TryHold())
        {
            throw channel.Failure ?? (Exception)new InvalidOperationException("Reading has been completed.");
        }
    }
}
