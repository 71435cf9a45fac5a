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

    /// <summary>Throws at a credit or horizon that it should ignore.</summary>
    public sealed class RefusesSmallerCredit(IAudioLink inner) : WrappedLink(inner)
    {
        private long _credit;
        private long _horizon;

        public override void Grant(int streamId, long limitFrame)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limitFrame, _credit);
            base.Grant(streamId, _credit = limitFrame);
        }

        public override void GrantHorizon(long horizonFrame)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(horizonFrame, _horizon);
            base.GrantHorizon(_horizon = horizonFrame);
        }
    }

    /// <summary>Tells no horizon before a stream is open.</summary>
    public sealed class NeedsAStream(IAudioLink inner) : WrappedLink(inner)
    {
        private bool _hasStream;

        public override void OpenStream(AudioStream stream, StreamDirection direction)
        {
            base.OpenStream(stream, direction);
            _hasStream = true;
        }

        public override void GrantHorizon(long horizonFrame)
        {
            if (_hasStream)
            {
                base.GrantHorizon(horizonFrame);
            }
        }
    }

    /// <summary>Does nothing where it should refuse to open a stream.</summary>
    public sealed class OpensAnyStream(IAudioLink inner) : WrappedLink(inner)
    {
        public override void OpenStream(AudioStream stream, StreamDirection direction)
        {
            try
            {
                base.OpenStream(stream, direction);
            }
            catch (ArgumentOutOfRangeException)
            {
                // Kept for itself.
            }
        }
    }

    /// <summary>Closes a stream for ever, and only one that is open.</summary>
    public sealed class ClosesForEver(IAudioLink inner) : WrappedLink(inner)
    {
        private readonly Dictionary<int, bool> _isOpen = [];

        public override void OpenStream(AudioStream stream, StreamDirection direction)
        {
            if (!_isOpen.GetValueOrDefault(stream.Id, true))
            {
                throw new InvalidOperationException($"Stream {stream.Id} is closed.");
            }

            base.OpenStream(stream, direction);
            _isOpen[stream.Id] = true;
        }

        public override void CloseStream(int streamId)
        {
            if (!_isOpen.TryGetValue(streamId, out var isOpen) || !isOpen)
            {
                throw new InvalidOperationException($"Stream {streamId} is not open.");
            }

            base.CloseStream(streamId);
            _isOpen[streamId] = false;
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
                late.Add(() => base.OnBlock(new AudioBlock(header, default)));
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

    /// <summary>Does nothing where it should refuse.</summary>
    public sealed class RefusesNothing(IAudioLink inner) : WrappedLink(inner)
    {
        public override bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
        {
            try
            {
                return base.TrySend(streamId, startFrame, samples);
            }
            catch (Exception refusal) when (refusal is InvalidOperationException or ArgumentException)
            {
                return false;
            }
        }

        public override void GrantHorizon(long horizonFrame)
        {
            try
            {
                base.GrantHorizon(horizonFrame);
            }
            catch (InvalidOperationException)
            {
                // Kept for itself.
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
    public sealed class HidesAReset(IAudioLink inner) : WrappedLink(inner)
    {
        public override async ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ReceiveAsync(receiver, cancellationToken);
            }
            catch (AudioLinkException lost) when (lost.Error == AudioLinkError.PeerReset)
            {
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
                receiver.OnBlock(new AudioBlock(new AudioBlockHeader(1, 0, 256, 100, 2), default));
                throw;
            }
        }
    }

    /// <summary>Does not hand over the fifth block.</summary>
    public sealed class LosesABlock(IAudioLink inner) : WrappedLink(inner)
    {
        private int _blocks;

        public override ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) =>
            base.ReceiveAsync(new Losing(receiver, this), cancellationToken);

        private sealed class Losing(IAudioLinkReceiver inner, LosesABlock link) : WrappedReceiver(inner)
        {
            public override void OnBlock(in AudioBlock block)
            {
                if (++link._blocks != 5)
                {
                    base.OnBlock(block);
                }
            }
        }
    }

    /// <summary>Does not hear the caller's token while it receives.</summary>
    public sealed class IgnoresReceiveAsyncToken(IAudioLink inner) : WrappedLink(inner)
    {
        public override ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) =>
            base.ReceiveAsync(receiver, CancellationToken.None);
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
