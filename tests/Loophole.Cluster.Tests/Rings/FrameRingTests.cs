using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Tests.Rings;

public sealed class FrameRingTests
{
    [Fact]
    public void Samples_stand_at_their_frame_in_pieces_that_do_not_wrap()
    {
        var random = new Random(3);
        var ring = new FrameRing(2, 48, startFrame: 1000);
        var (written, read) = (1000L, 1000L);
        for (var round = 0; round < 10_000; round++)
        {
            var frames = ring.Contiguous(written, Math.Min(random.Next(20), ring.WriteLimit - written));
            var samples = ring.Memory(written, frames).Span;
            for (var s = 0; s < samples.Length; s++)
            {
                samples[s] = (written * 2) + s;
            }

            ring.Publish(written += frames);
            var taken = ring.Contiguous(read, Math.Min(random.Next(20), ring.WriteFrame - read));
            var there = ring.Memory(read, taken).Span;
            for (var s = 0; s < there.Length; s++)
            {
                Assert.Equal((read * 2) + s, there[s]);
            }

            ring.Release(read += taken);
            Assert.InRange(ring.WriteFrame - ring.ReleaseFrame, 0, ring.CapacityFrames);
        }

        Assert.True(read > 10_000);
    }

    [Fact]
    public void What_was_released_is_not_taken_back()
    {
        var ring = new FrameRing(1, 8, 0);
        ring.Publish(8);
        ring.Release(5);
        ring.Release(3);
        Assert.Equal(5, ring.ReleaseFrame);
        Assert.Equal(13, ring.WriteLimit);
    }
}
