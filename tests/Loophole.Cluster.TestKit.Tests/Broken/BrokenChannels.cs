using System.IO.Pipelines;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Channels with one flaw each.</summary>
internal static class BrokenChannels
{
    /// <summary>Resets the peer where it should end in good order, so that what is unread is lost.</summary>
    public sealed class LosesItsTail(IClusterChannel inner) : WrappedChannel(inner)
    {
        public override ValueTask DisposeAsync()
        {
            Abort("disposed");
            return base.DisposeAsync();
        }
    }

    /// <summary>Hides that it was closed.</summary>
    public sealed class NeverCloses(IClusterChannel inner) : WrappedChannel(inner)
    {
        public override CancellationToken Closed => CancellationToken.None;
    }

    /// <summary>Calls every channel one for media.</summary>
    public sealed class MistakesPurpose(IClusterChannel inner) : WrappedChannel(inner)
    {
        public override ChannelPurpose Purpose => ChannelPurpose.Media;
    }

    /// <summary>Lets one flush through at a time, of all that share the window.</summary>
    public sealed class SharesAWindow(PipeWriter inner, SemaphoreSlim window) : WrappedWriter(inner)
    {
        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await window.WaitAsync(cancellationToken);
            try
            {
                return await base.FlushAsync(cancellationToken);
            }
            finally
            {
                window.Release();
            }
        }
    }

    /// <summary>Takes everything at once, whether it is read or not.</summary>
    public sealed class NeverWaits(PipeWriter inner) : WrappedWriter(inner)
    {
        private ArraySegment<byte> _last;
        private Task _sending = Task.CompletedTask;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _last = new byte[Math.Max(sizeHint, 65536)];

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            var taken = _last[..bytes];
            _last = _last[bytes..];
            _sending = SendAfterAsync(_sending, taken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

        private async Task SendAfterAsync(Task before, ArraySegment<byte> bytes)
        {
            await before;
            bytes.AsSpan().CopyTo(base.GetSpan(bytes.Count));
            base.Advance(bytes.Count);
            await base.FlushAsync();
        }
    }

    /// <summary>Flips a bit of each piece that is longer than a packet.</summary>
    public sealed class FlipsABit(PipeWriter inner) : WrappedWriter(inner)
    {
        private Memory<byte> _last;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _last = base.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            if (bytes > 1500)
            {
                _last.Span[1500] ^= 1;
            }

            base.Advance(bytes);
        }
    }
}
