using Loophole.Cluster.Hub;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Tests.Hub;

public sealed class LinkMeterTests
{
    private readonly LinkMeter _meter = new();

    [Fact]
    public void The_least_since_the_last_call_is_told_once()
    {
        Assert.Null(_meter.TakeLeast());
        _meter.Arrive(500);
        _meter.Arrive(-3);
        _meter.Arrive(200);
        Assert.Equal((-3, null), (_meter.TakeLeast(), _meter.TakeLeast()));
        _meter.Arrive(300);
        Assert.Equal(300, _meter.TakeLeast());
    }

    [Fact]
    public void Only_what_is_not_ahead_at_all_is_late()
    {
        _meter.Arrive(1);
        _meter.Arrive(0);
        Assert.Equal(0, _meter.LateBlocks);
        _meter.Arrive(-1);
        Assert.Equal(1, _meter.LateBlocks);
    }

    [Fact]
    public void Blocks_and_bytes_are_counted_each_way_and_nothing_is_allocated()
    {
        Count();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Count();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((2L, 1_024L, 4L, 320L), (_meter.BlocksReceived, _meter.BytesReceived, _meter.BlocksSent, _meter.BytesSent));

        void Count()
        {
            _meter.Receive(new AudioBlockHeader(0, 1, 0, 64, 2));
            _meter.Send(10);
            _meter.Send(30);
            _meter.Arrive(5);
        }
    }
}
