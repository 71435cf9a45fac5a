using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Links with one flaw each.</summary>
internal static class BrokenLinks
{
    /// <summary>Flips the lowest bit of the last sample.</summary>
    public sealed class FlipsABit(IAudioLink inner) : WrappedLink(inner)
    {
        public override bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
        {
            var changed = samples.ToArray();
            if (changed.Length > 0)
            {
                changed[^1] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(changed[^1]) ^ 1);
            }

            return base.TrySend(streamId, startFrame, changed);
        }
    }

    /// <summary>Takes minus zero for silence, as a comparison of values does.</summary>
    public sealed class ComparesValues(IAudioLink inner) : WrappedLink(inner)
    {
        public override bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples) =>
            base.TrySend(streamId, startFrame, samples.ContainsAnyExcept(0f) ? samples : new float[samples.Length]);
    }

    /// <summary>Sends the first of two blocks of different streams after the second.</summary>
    public sealed class Reorders(IAudioLink inner) : WrappedLink(inner)
    {
        private (int StreamId, long StartFrame, float[] Samples)? _held;

        public override bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
        {
            if (_held is null)
            {
                _held = (streamId, startFrame, samples.ToArray());
                return true;
            }

            if (_held.Value.StreamId == streamId)
            {
                SendHeld();
                return base.TrySend(streamId, startFrame, samples);
            }

            var isSent = base.TrySend(streamId, startFrame, samples);
            SendHeld();
            return isSent;
        }

        public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
        {
            SendHeld();
            return base.FlushAsync(cancellationToken);
        }

        private void SendHeld()
        {
            if (_held is { } held)
            {
                _held = null;
                base.TrySend(held.StreamId, held.StartFrame, held.Samples);
            }
        }
    }

    /// <summary>Says that a block without credit was sent, and drops it.</summary>
    public sealed class IgnoresCredit(IAudioLink inner) : WrappedLink(inner)
    {
        public override bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples) =>
            base.TrySend(streamId, startFrame, samples) || samples.Length > 0;
    }

    /// <summary>Hands over after an abort what had arrived before it.</summary>
    public sealed class DeliversAfterAbort(IAudioLink inner) : WrappedLink(inner)
    {
        private bool _isAborted;

        public override void Abort(string reason) => _isAborted = true;

        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            var isOpen = await base.ReceiveAsync(receiver, cancellationToken);
            if (_isAborted)
            {
                base.Abort("late");
                throw new AudioLinkException(AudioLinkError.Aborted, "late");
            }

            return isOpen;
        }
    }

    /// <summary>Makes a small object for each block.</summary>
    public sealed class Allocates(IAudioLink inner) : WrappedLink(inner)
    {
        private object? _last;

        public override bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
        {
            _last = new object();
            return base.TrySend(streamId, startFrame, samples) && _last is not null;
        }
    }

    /// <summary>Makes a small object for each receive on a thread.</summary>
    public sealed class AllocatesOnReceive(IAudioLink inner) : WrappedLink(inner)
    {
        private byte[]? _last;

        public override bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            _last = new byte[1000];
            return base.Receive(receiver, cancellationToken) && _last is not null;
        }
    }

    /// <summary>Shows a reset as a cancellation.</summary>
    public sealed class ResetIsCancellation(IAudioLink inner) : WrappedLink(inner)
    {
        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }
            catch (AudioLinkException lost) when (lost.Error == AudioLinkError.PeerReset)
            {
                throw new OperationCanceledException("The peer reset the link.", lost);
            }
        }
    }

    /// <summary>Does not hear the caller's token while it flushes.</summary>
    public sealed class IgnoresFlushToken(IAudioLink inner) : WrappedLink(inner)
    {
        public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => base.FlushAsync(CancellationToken.None);
    }

    /// <summary>Does not hear the caller's token while its thread waits.</summary>
    public sealed class IgnoresReceiveToken(IAudioLink inner) : WrappedLink(inner)
    {
        public override bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => base.Receive(receiver, CancellationToken.None);
    }

    /// <summary>Hands what arrives next to the receiver of a call that was cancelled.</summary>
    public sealed class LosesCancelledReceive(IAudioLink inner) : WrappedLink(inner)
    {
        private Task<bool>? _abandoned;

        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref _abandoned, null) is { } abandoned)
            {
                await abandoned;
            }

            var receiving = base.ReceiveAsync(receiver, CancellationToken.None).AsTask();
            try
            {
                return await receiving.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _abandoned = receiving;
                throw;
            }
        }
    }

    /// <summary>Hides that it was closed.</summary>
    public sealed class NeverCloses(IAudioLink inner) : WrappedLink(inner)
    {
        public override CancellationToken Closed => CancellationToken.None;
    }

    /// <summary>Runs the callbacks of Closed on the thread that aborts.</summary>
    public sealed class ClosesOnThePath(IAudioLink inner) : WrappedLink(inner)
    {
        private readonly CancellationTokenSource _closed = CancellationTokenSource.CreateLinkedTokenSource(inner.Closed);

        public override CancellationToken Closed => _closed.Token;

        public override void Abort(string reason)
        {
            _closed.Cancel();
            base.Abort(reason);
        }
    }

    /// <summary>Makes up a new failure each time.</summary>
    public sealed class ForgetsItsFailure(IAudioLink inner) : WrappedLink(inner)
    {
        public override AudioLinkException? Failure => base.Failure is { } failure ? new AudioLinkException(failure.Error, failure.Message) : null;
    }

    /// <summary>Cannot be disposed twice.</summary>
    public sealed class DisposesOnce(IAudioLink inner) : WrappedLink(inner)
    {
        private int _isDisposed;

        public override ValueTask DisposeAsync()
        {
            ObjectDisposedException.ThrowIf(Interlocked.Exchange(ref _isDisposed, 1) != 0, this);
            return base.DisposeAsync();
        }
    }

    /// <summary>Drops what it was sent and has not flushed when it completes.</summary>
    public sealed class CompletesAsAbort(IAudioLink inner) : WrappedLink(inner)
    {
        public override ValueTask CompleteAsync(CancellationToken cancellationToken = default)
        {
            base.Abort("completed");
            return default;
        }
    }
}
