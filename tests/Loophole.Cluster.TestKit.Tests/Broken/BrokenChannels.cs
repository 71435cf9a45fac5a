using System.Buffers;
using System.IO.Pipelines;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Channels with one flaw each.</summary>
internal static class BrokenChannels
{
    /// <summary>Keeps one buffer for ever.</summary>
    public sealed class Leaks : WrappedChannel
    {
        public Leaks(IClusterChannel inner, MemoryPool<byte> pool)
            : base(inner) => _ = pool.Rent();
    }

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

    /// <summary>Keeps what a flush was to send until the next one.</summary>
    public sealed class SendsALittleLate(PipeWriter inner) : LooksAtFlushes(inner)
    {
        private byte[] _kept = [];

        protected override async ValueTask<FlushResult> SendAsync(byte[] bytes, CancellationToken cancellationToken)
        {
            (_kept, bytes) = (bytes, _kept);
            return await PassAsync(bytes, cancellationToken);
        }
    }

    /// <summary>Lets the fourth flush overtake the third.</summary>
    public sealed class Overtakes(PipeWriter inner) : LooksAtFlushes(inner)
    {
        private byte[] _overtaken = [];
        private int _flushes;

        protected override async ValueTask<FlushResult> SendAsync(byte[] bytes, CancellationToken cancellationToken)
        {
            if (++_flushes == 3)
            {
                (_overtaken, bytes) = (bytes, []);
            }
            else if (_flushes == 4)
            {
                bytes = [.. bytes, .. _overtaken];
            }

            return await PassAsync(bytes, cancellationToken);
        }
    }

    /// <summary>Holds what is written until it is flushed, and then asks what to do with it.</summary>
    public abstract class LooksAtFlushes(PipeWriter inner) : WrappedWriter(inner)
    {
        private readonly ArrayBufferWriter<byte> _written = new();

        public sealed override Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

        public sealed override Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);

        public sealed override void Advance(int bytes) => _written.Advance(bytes);

        public sealed override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var bytes = _written.WrittenSpan.ToArray();
            _written.ResetWrittenCount();
            return SendAsync(bytes, cancellationToken);
        }

        protected abstract ValueTask<FlushResult> SendAsync(byte[] bytes, CancellationToken cancellationToken);

        protected ValueTask<FlushResult> PassAsync(byte[] bytes, CancellationToken cancellationToken)
        {
            bytes.CopyTo(base.GetSpan(bytes.Length));
            base.Advance(bytes.Length);
            return base.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Does not say that the peer has ended.</summary>
    public sealed class HidesTheEnd(PipeReader inner) : WrappedReader(inner)
    {
        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var result = await base.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return result;
        }
    }

    /// <summary>Swallows a byte after a cancelled read.</summary>
    public sealed class LosesAfterCancelledRead(PipeReader inner) : WrappedReader(inner)
    {
        private bool _isCancelled;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                var result = await base.ReadAsync(cancellationToken);
                var buffer = _isCancelled && !result.Buffer.IsEmpty ? result.Buffer.Slice(1) : result.Buffer;
                _isCancelled &= result.Buffer.IsEmpty;
                return new ReadResult(buffer, result.IsCanceled, result.IsCompleted);
            }
            catch (OperationCanceledException)
            {
                _isCancelled = true;
                throw;
            }
        }
    }

    /// <summary>Takes what was examined for consumed.</summary>
    public sealed class ForgetsWhatWasExamined(PipeReader inner) : WrappedReader(inner)
    {
        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => base.AdvanceTo(examined, examined);
    }
}
