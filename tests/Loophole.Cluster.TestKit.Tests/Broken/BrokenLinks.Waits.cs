using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Tests.Broken;

// Links that break a rule about calls that wait, and what they cost.
internal static partial class BrokenLinks
{
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

    /// <summary>Says that it waits at the network, until it has ended.</summary>
    public sealed class ForgetsHowItWaits(IAudioLink inner) : WrappedLink(inner)
    {
        public override bool WaitsAtNetwork => !Closed.IsCancellationRequested;
    }

    /// <summary>Says that it waits at the network, and is woken by the pool.</summary>
    public sealed class ClaimsToWait(IAudioLink inner) : WrappedLink(inner)
    {
        public override bool WaitsAtNetwork => true;
    }

    /// <summary>Hands what arrives next to the receiver of a call that was cancelled.</summary>
    public sealed class LosesCancelledReceive(IAudioLink inner, Action? shown = null) : WrappedLink(inner)
    {
        private Task<bool>? _abandoned;

        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref _abandoned, null) is { } abandoned)
            {
                await abandoned;
                shown?.Invoke();
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

    /// <summary>Leaves the last block of a flush for the next one.</summary>
    public sealed class SplitsAFlush(IAudioLink inner) : WrappedLink(inner)
    {
        private (int StreamId, long StartFrame, float[] Samples)? _last;

        public override bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
        {
            if (_last is { } last)
            {
                base.TrySend(last.StreamId, last.StartFrame, last.Samples);
            }

            _last = (streamId, startFrame, samples.ToArray());
            return true;
        }
    }

    /// <summary>Receives for nobody when there is no receiver.</summary>
    public sealed class NeedsNoReceiver(IAudioLink inner) : WrappedLink(inner)
    {
        public override ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) =>
            receiver is null ? new(true) : base.ReceiveAsync(receiver, cancellationToken);

        public override bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) =>
            receiver is null || base.Receive(receiver, cancellationToken);
    }

    /// <summary>Waits for nothing that comes when there is no receiver.</summary>
    public sealed class WaitsForNobody(IAudioLink inner) : WrappedLink(inner)
    {
        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            if (receiver is null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Closed);
            }

            return await base.ReceiveAsync(receiver!, cancellationToken);
        }
    }

    /// <summary>Lets a second receive wait for the first.</summary>
    public sealed class QueuesReceives(IAudioLink inner) : WrappedLink(inner)
    {
        private readonly SemaphoreSlim _turn = new(1);

        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }

        public override bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) =>
            ReceiveAsync(receiver, cancellationToken).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Refuses one way of receiving once the other was used.</summary>
    public sealed class ReceivesOneWay(IAudioLink inner) : WrappedLink(inner)
    {
        private bool _isAwaited;

        public override ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            _isAwaited = true;
            return base.ReceiveAsync(receiver, cancellationToken);
        }

        public override bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) =>
            !_isAwaited ? base.Receive(receiver, cancellationToken) : throw new InvalidOperationException("This link is received from with ReceiveAsync.");
    }

    /// <summary>Calls a receiver once more when its receive is over: at the next flush of any of the links.</summary>
    public sealed class CallsAfterwards(IAudioLink inner, List<Action> late) : WrappedLink(inner)
    {
        public override ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) =>
            base.ReceiveAsync(new Echoing(receiver, late), cancellationToken);

        public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
        {
            late.ForEach(call => call());
            late.Clear();
            return base.FlushAsync(cancellationToken);
        }

        private sealed class Echoing(IAudioLinkReceiver inner, List<Action> late) : WrappedReceiver(inner)
        {
            public override void OnBlock(in AudioBlock block)
            {
                base.OnBlock(block);
                var header = block.Header;
                late.Add(() => base.OnBlock(new AudioBlock(header, ReadOnlySpan<byte>.Empty)));
            }
        }
    }

    /// <summary>Breaks when a flush is cancelled.</summary>
    public sealed class BreaksWithAFlush(IAudioLink inner) : WrappedLink(inner)
    {
        public override async ValueTask FlushAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                await base.FlushAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Abort("A flush was cancelled.");
                throw;
            }
        }
    }

    /// <summary>Takes everything at once, and sends nothing of it.</summary>
    public sealed class NeverWaits(IAudioLink inner) : WrappedLink(inner)
    {
        public override bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples) => true;
    }

    /// <summary>Does one thing at a time: flushes of all that share the gate, and receives where these take it too. Who is cancelled keeps the gate.</summary>
    public sealed class SharesAGate(IAudioLink inner, SemaphoreSlim gate, bool alsoReceives = false) : WrappedLink(inner)
    {
        public override async ValueTask FlushAsync(CancellationToken cancellationToken = default)
        {
            await gate.WaitAsync(cancellationToken);
            await base.FlushAsync(cancellationToken);
            gate.Release();
        }

        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            if (!alsoReceives)
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }

            await gate.WaitAsync(cancellationToken);
            var isOpen = await base.ReceiveAsync(receiver, cancellationToken);
            gate.Release();
            return isOpen;
        }
    }

    /// <summary>Does not hear the caller's token while it receives.</summary>
    public sealed class IgnoresReceiveAsyncToken(IAudioLink inner, Action shown) : WrappedLink(inner)
    {
        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            await using var registration = cancellationToken.UnsafeRegister(_ => shown(), null);
            return await base.ReceiveAsync(receiver, CancellationToken.None);
        }
    }

    /// <summary>Breaks when a receive is cancelled.</summary>
    public sealed class BreaksWithAReceive(IAudioLink inner) : WrappedLink(inner)
    {
        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Abort("A receive was cancelled.");
                throw;
            }
        }
    }
}
