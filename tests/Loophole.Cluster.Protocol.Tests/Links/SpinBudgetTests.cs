using Loophole.Cluster.Protocol.Links;

namespace Loophole.Cluster.Protocol.Tests.Links;

public sealed class SpinBudgetTests
{
    private const long Second = 1_000_000;
    private static readonly long Longest = (long)SpinBudget.Longest.TotalMicroseconds;

    [Fact]
    public void It_looks_at_first_and_as_long_as_answers_are_quick()
    {
        var budget = new SpinBudget(Second);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Longest, budget.Ticks);
            budget.Observe(60);
        }
    }

    [Fact]
    public void It_stops_where_blocks_are_far_apart_and_begins_again_when_they_are_not()
    {
        var budget = new SpinBudget(Second);
        for (var i = 0; i < 10; i++)
        {
            budget.Observe(1333);
        }

        Assert.Equal(0, budget.Ticks);
        for (var i = 0; i < 30; i++)
        {
            budget.Observe(60);
        }

        Assert.Equal(Longest, budget.Ticks);
    }

    [Fact]
    public void One_long_pause_changes_nothing()
    {
        var budget = new SpinBudget(Second);
        for (var i = 0; i < 50; i++)
        {
            budget.Observe(40);
        }

        budget.Observe(10 * Second);
        Assert.Equal(Longest, budget.Ticks);
    }
}
