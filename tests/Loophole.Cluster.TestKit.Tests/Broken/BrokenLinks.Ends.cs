using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Tests.Broken;

// Links that break a rule about their end.
internal static partial class BrokenLinks
{
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

    /// <summary>Aborts all others of its end with itself.</summary>
    public sealed class AbortsOthers : WrappedLink
    {
        private readonly List<IAudioLink> _all;

        public AbortsOthers(IAudioLink inner, List<IAudioLink> all)
            : base(inner) => (_all = all).Add(inner);

        public override void Abort(string reason) => _all.ForEach(link => link.Abort(reason));
    }

    /// <summary>Loses at disposal what the peer has not read.</summary>
    public sealed class DisposesAsAbort(IAudioLink inner) : WrappedLink(inner)
    {
        public override ValueTask DisposeAsync()
        {
            Abort("disposed");
            return base.DisposeAsync();
        }
    }

    /// <summary>Shows its disposal as something else.</summary>
    public sealed class DeniesDisposal(IAudioLink inner) : WrappedLink(inner)
    {
        public override async ValueTask FlushAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await base.FlushAsync(cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                throw new InvalidDataException("The link is gone.");
            }
        }

        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                throw new InvalidDataException("The link is gone.");
            }
        }
    }

    /// <summary>Waits on when the peer has reset the link.</summary>
    public sealed class HidesAReset(IAudioLink inner, Action shown) : WrappedLink(inner)
    {
        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }
            catch (AudioLinkException lost) when (lost.Error == AudioLinkError.PeerReset)
            {
                shown();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                throw;
            }
        }
    }

    /// <summary>Shows a reset as completion.</summary>
    public sealed class ResetIsTheEnd(IAudioLink inner) : WrappedLink(inner)
    {
        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }
            catch (AudioLinkException lost) when (lost.Error == AudioLinkError.PeerReset)
            {
                return false;
            }
        }
    }

    /// <summary>Hands over one more block, of silence, when the peer has reset the link.</summary>
    public sealed class FillsUp(IAudioLink inner) : WrappedLink(inner)
    {
        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }
            catch (AudioLinkException lost) when (lost.Error == AudioLinkError.PeerReset)
            {
                receiver.OnBlock(new AudioBlock(new AudioBlockHeader(1, 0, 256, 100, 2), ReadOnlySpan<byte>.Empty));
                throw;
            }
        }
    }
}
