using Loophole.Cluster.Protocol.Links;

namespace Loophole.Cluster.Protocol.Tests.Links;

public sealed class ArrivalClockTests
{
    private const long Second = 1_000_000;
    private const long Earliness = 1000;
    private const long Patience = 2000;

    [Fact]
    public void Before_it_has_learned_it_looks_for_a_while()
    {
        var clock = new ArrivalClock(Second);
        Assert.Equal((500, 500 + Patience), clock.Expect(500));
        clock.Observe(1000);
        Assert.Equal((1100, 1100 + Patience), clock.Expect(1100));
    }

    [Theory, InlineData(1333), InlineData(5333)]
    public void A_steady_period_is_expected_shortly_before_it_is_due(int period)
    {
        var clock = Learned(period, 4, out var last);
        Assert.Equal(period, clock.Period);
        Assert.Equal((last + period - Earliness, last + period + Math.Min(period, Patience)), clock.Expect(last + 10));
    }

    [Fact]
    public void Jitter_moves_the_period_little()
    {
        var clock = Learned(5333, 4, out var last);
        clock.Observe(last + 5333 + 800);
        Assert.Equal(5433, clock.Period);
    }

    [Fact]
    public void A_pause_does_not_count_and_a_new_period_does()
    {
        var clock = Learned(1333, 4, out var last);
        clock.Observe(last += 1_000_000);
        Assert.Equal(1333, clock.Period);
        clock.Observe(last += 1333);
        Assert.Equal(1333, clock.Period);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(1333, clock.Period);
            clock.Observe(last += 10_667);
        }

        Assert.Equal(10_667, clock.Period);
    }

    private static ArrivalClock Learned(int period, int arrivals, out long last)
    {
        var clock = new ArrivalClock(Second);
        last = 1000;
        clock.Observe(last);
        for (var i = 1; i < arrivals; i++)
        {
            clock.Observe(last += period);
        }

        return clock;
    }
}
