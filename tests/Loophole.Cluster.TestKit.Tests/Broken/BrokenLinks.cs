using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Links with one flaw each.</summary>
internal static partial class BrokenLinks
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

    /// <summary>Does not hand over the fifth block.</summary>
    public sealed class LosesABlock(IAudioLink inner, Action? shown = null) : WrappedLink(inner)
    {
        private readonly Action? _shown = shown;
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
                    return;
                }

                link._shown?.Invoke();
            }
        }
    }
}
