using Loophole.Cluster.Protocol.Links;

namespace Loophole.Cluster.Protocol.Tests.Links;

public sealed class LookChoiceTests
{
    private const long Second = 1_000_000;

    private readonly LookChoice _choice = new(Second);
    private int _timed;
    private long _now = 1;

    [Fact]
    public void Both_ways_are_tried_and_the_better_one_is_used()
    {
        Assert.True(ShareOfLooks(looked: 10, slept: 25, waits: 100_000) > 0.9);
    }

    [Fact]
    public void Where_looking_keeps_the_peer_from_its_core_it_is_left()
    {
        Assert.True(ShareOfLooks(looked: 40, slept: 25, waits: 100_000) < 0.1);
    }

    [Fact]
    public void Blocks_that_are_far_apart_are_not_looked_for_even_if_that_brings_them_a_little_sooner()
    {
        Assert.True(ShareOfLooks(looked: 1300, slept: 1333, waits: 10_000) < 0.1);
    }

    [Fact]
    public void It_learns_anew_when_the_machine_behaves_otherwise()
    {
        ShareOfLooks(looked: 40, slept: 25, waits: 200_000);
        ShareOfLooks(looked: 10, slept: 25, waits: 200_000);
        Assert.True(ShareOfLooks(looked: 10, slept: 25, waits: 200_000) > 0.9);
    }

    [Fact]
    public void Pauses_of_seconds_change_nothing()
    {
        ShareOfLooks(looked: 10, slept: 25, waits: 200_000);
        for (var i = 0; i < 20; i++)
        {
            Wait(5 * Second);
            Assert.True(ShareOfLooks(looked: 10, slept: 25, waits: 200_000) > 0.9);
        }
    }

    [Fact]
    public void A_trial_lasts_long_enough_for_the_system_to_move_threads_apart()
    {
        var begin = _now;
        while (_choice.Looks)
        {
            Wait(10);
        }

        Assert.InRange(_now - begin, LookChoice.Trial.TotalMicroseconds, LookChoice.Trial.TotalMicroseconds + 100);
    }

    [Fact]
    public void Few_waits_are_timed_while_sleeping_is_known_to_be_better()
    {
        ShareOfLooks(looked: 40, slept: 25, waits: 20_000);
        Assert.False(_choice.Looks);
        var before = _timed;
        ShareOfLooks(looked: 40, slept: 25, waits: 1_600);
        Assert.Equal(100, _timed - before);
    }

    private double ShareOfLooks(long looked, long slept, int waits)
    {
        var looks = 0;
        for (var i = 0; i < waits; i++)
        {
            looks += _choice.Looks ? 1 : 0;
            Wait(_choice.Looks ? looked : slept);
        }

        return (double)looks / waits;
    }

    private void Wait(long took)
    {
        if (_choice.Begin())
        {
            _timed++;
            _choice.Observe(_now, _now + took);
        }

        _now += took;
    }
}
