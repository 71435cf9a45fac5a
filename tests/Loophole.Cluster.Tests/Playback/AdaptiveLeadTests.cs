using Loophole.Cluster.Playback;

namespace Loophole.Cluster.Tests.Playback;

public sealed class AdaptiveLeadTests
{
    private const int Rate = 8_000;
    private const int Calm = 30 * Rate;

    // Less than a twentieth of a second is narrow: 400 frames.
    private readonly AdaptiveLead _lead = new(startFrames: 4_000, mostFrames: 20_000, blockFrames: 100, Rate);

    [Fact]
    public void What_runs_short_makes_it_longer_up_to_the_most()
    {
        _lead.Observe(0, 400);
        Assert.Equal(4_000, _lead.Frames);
        _lead.Observe(100, 499);
        Assert.Equal(6_000, _lead.Frames);
        // What was granted then has yet to come.
        _lead.Observe(6_099, 6_099);
        Assert.Equal(6_000, _lead.Frames);
        int[] grown = [9_000, 13_500, 20_000, 20_000];
        var playhead = 6_100L;
        foreach (var frames in grown)
        {
            _lead.Observe(playhead, playhead - 5);
            Assert.Equal(frames, _lead.Frames);
            playhead += frames;
        }
    }

    [Fact]
    public void What_has_not_run_short_for_a_while_makes_it_shorter_down_to_the_start()
    {
        _lead.Observe(0, 0);
        _lead.Observe(Calm - 1, Calm + 9_000);
        Assert.Equal(6_000, _lead.Frames);
        _lead.Observe(Calm, Calm + 9_000);
        Assert.Equal(5_300, _lead.Frames);
        // A narrow moment begins the while anew.
        _lead.Observe(Calm + 10_000, Calm + 10_000);
        Assert.Equal(7_900, _lead.Frames);
        for (var at = 2; at < 20; at++)
        {
            _lead.Observe((at * (long)Calm) + 10_000, (at * (long)Calm) + 20_000);
        }

        Assert.Equal(4_000, _lead.Frames);
    }

    [Fact]
    public void A_lead_that_is_the_most_stays_and_a_short_one_is_narrow_at_its_half()
    {
        var fixedLead = new AdaptiveLead(4_000, 4_000, 100, Rate);
        fixedLead.Observe(0, 0);
        fixedLead.Observe(Calm, Calm + 4_000);
        Assert.Equal(4_000, fixedLead.Frames);
        var shortLead = new AdaptiveLead(200, 4_000, 100, Rate);
        shortLead.Observe(0, 100);
        Assert.Equal(200, shortLead.Frames);
        shortLead.Observe(0, 99);
        Assert.Equal(300, shortLead.Frames);
    }
}
