using Loophole.Cluster.Protocol.Links;

namespace Loophole.Cluster.Protocol.Tests.Links;

public sealed class BlockRhythmTests
{
    private readonly BlockRhythm _rhythm = new();

    [Fact]
    public void Blocks_of_one_period_are_one_and_the_rest_is_due_until_as_many_have_come_as_the_time_before()
    {
        Assert.False(_rhythm.IsRestDue);
        Assert.Equal([true, false, false], Observe((0, 0), (0, 0), (0, 0)));
        Assert.Equal([true, false], Observe((0, 64), (0, 64)));
        Assert.True(_rhythm.IsRestDue);
        Assert.Equal([false], Observe((0, 64)));
        Assert.False(_rhythm.IsRestDue);
    }

    [Fact]
    public void Streams_that_lag_behind_belong_to_the_period_of_the_one_that_leads()
    {
        Assert.Equal([true, false], Observe((0, 640), (0, 0)));
        Assert.Equal([true, false], Observe((0, 704), (0, 64)));
        Assert.False(_rhythm.IsRestDue);
    }

    [Fact]
    public void A_new_epoch_is_a_new_period_even_if_it_starts_earlier()
    {
        Assert.Equal([true, true], Observe((0, 640), (1, 0)));
    }

    private bool[] Observe(params (int Epoch, long Position)[] blocks) => [.. blocks.Select(b => _rhythm.Observe(b.Epoch, b.Position))];
}
