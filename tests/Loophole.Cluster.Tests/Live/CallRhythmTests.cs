using Loophole.Cluster.Live;

namespace Loophole.Cluster.Tests.Live;

public sealed class CallRhythmTests
{
    private const long Period = 1_000;
    private const long Margin = 100;

    private readonly CallRhythm _rhythm = new(Period);

    [Fact]
    public void The_next_call_is_near_a_period_after_the_last()
    {
        _rhythm.Observe(50_000);
        Assert.False(_rhythm.IsNear(50_899, Margin));
        Assert.True(_rhythm.IsNear(50_900, Margin));
        Assert.True(_rhythm.IsNear(55_000, Margin));
    }

    [Fact]
    public void After_a_call_that_was_late_the_next_is_expected_on_time()
    {
        _rhythm.Observe(50_000);
        _rhythm.Observe(51_700);
        Assert.False(_rhythm.IsNear(51_899, Margin));
        Assert.True(_rhythm.IsNear(51_900, Margin));
    }

    [Fact]
    public void One_that_was_seen_late_does_not_shift_those_after_it()
    {
        _rhythm.Observe(50_000);
        for (var call = 1; call <= 100; call++)
        {
            _rhythm.Observe(50_000 + (call * Period) + (call % 7 * 50));
            Assert.True(_rhythm.IsNear(50_000 + ((call + 1) * Period), 1));
            Assert.False(_rhythm.IsNear(50_000 + ((call + 1) * Period) - 2, 1));
        }
    }

    [Fact]
    public void A_rhythm_that_is_off_by_more_than_a_block_is_begun_anew()
    {
        _rhythm.Observe(50_000);
        _rhythm.Observe(57_000);
        Assert.False(_rhythm.IsNear(57_899, Margin));
        Assert.True(_rhythm.IsNear(57_900, Margin));
    }

    [Fact]
    public void Calls_at_once_do_not_push_the_next_one_away()
    {
        for (var call = 0; call < 20; call++)
        {
            _rhythm.Observe(50_000 + call);
        }

        Assert.True(_rhythm.IsNear(50_019 + Period, 0));
    }
}
