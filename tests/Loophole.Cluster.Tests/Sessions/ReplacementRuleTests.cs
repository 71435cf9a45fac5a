using Loophole.Cluster.Nodes;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class ReplacementRuleTests
{
    private static readonly NodeId One = new(Guid.NewGuid());
    private static readonly NodeId Two = new(Guid.NewGuid());
    private readonly ReplacementRule _rule = new();

    public ReplacementRuleTests() => _rule.Observe(aheadFrames: 499, leadFrames: 1_000);

    [Fact]
    public void Who_is_busy_for_three_reports_is_too_busy_and_again_three_later() =>
        Assert.Equal([false, false, true, false, false, true], Enumerable.Range(0, 6).Select(_ => _rule.IsDue(One, 0.7)));

    [Fact]
    public void A_calm_second_in_between_begins_it_anew()
    {
        double[] loads = [0.9, 0.9, 0.69, 0.9, 0.9, 0.9];
        Assert.Equal([false, false, false, false, false, true], loads.Select(load => _rule.IsDue(One, load)));
    }

    [Fact]
    public void Each_counts_for_itself()
    {
        NodeId[] nodes = [One, Two, One, Two, One, Two];
        Assert.Equal([false, false, false, false, true, true], nodes.Select(node => _rule.IsDue(node, 1)));
    }

    [Theory]
    [InlineData(499, 1_000, true)]
    [InlineData(500, 1_000, false)]
    [InlineData(0, 1_000, true)]
    [InlineData(249, 500, true)]
    public void Nobody_is_too_busy_with_half_of_the_lead_in_hand(long ahead, int lead, bool isTooBusy)
    {
        _rule.Observe(ahead, lead);
        Assert.Equal(isTooBusy, Enumerable.Range(0, 3).Select(_ => _rule.IsDue(One, 1)).ToArray()[^1]);
    }

    [Fact]
    public void Half_of_the_lead_in_hand_for_a_moment_begins_it_anew()
    {
        _rule.IsDue(One, 1);
        _rule.IsDue(One, 1);
        _rule.Observe(1_000, 1_000);
        Assert.False(_rule.IsDue(One, 1));
        _rule.Observe(0, 1_000);
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => _rule.IsDue(One, 1)));
    }

    [Fact]
    public void After_a_minute_it_is_looked_whoever_is_busy_or_not()
    {
        Assert.DoesNotContain(true, Enumerable.Range(0, 59).Select(_ => _rule.IsDue(One, 0)));
        Assert.False(_rule.IsDue(Two, 0));
        _rule.Forget();
        Assert.True(_rule.IsDue(One, 0));
        _rule.Looked();
        Assert.DoesNotContain(true, Enumerable.Range(0, 59).Select(_ => _rule.IsDue(One, 0)));
    }

    [Fact]
    public void After_a_change_it_begins_anew()
    {
        _rule.IsDue(One, 1);
        _rule.IsDue(One, 1);
        _rule.Forget();
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => _rule.IsDue(One, 1)));
    }
}
