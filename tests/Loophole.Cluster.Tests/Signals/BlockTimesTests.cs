using Loophole.Cluster.Signals;

namespace Loophole.Cluster.Tests.Signals;

public sealed class BlockTimesTests
{
    [Fact]
    public void A_range_is_an_eighth_of_an_octave_wide_at_the_most_and_none_is_left_out()
    {
        for (var range = 1; range < BlockTimes.Ranges - 1; range++)
        {
            var (start, end) = (BlockTimes.EndOf(range - 1), BlockTimes.EndOf(range));
            Assert.True(start < end && (range < 8 || end / start <= 1.125), $"Range {range} is from {start} to {end}.");
            Assert.Equal((range, range), (BlockTimes.RangeOf(start), BlockTimes.RangeOf(Math.BitDecrement(end))));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(1e300, BlockTimes.Ranges - 1)]
    [InlineData(double.PositiveInfinity, BlockTimes.Ranges - 1)]
    public void What_is_beyond_counts_as_the_first_or_the_last(double part, int range) => Assert.Equal(range, BlockTimes.RangeOf(part));

    [Fact]
    public void The_last_range_ends_at_256_blocks() => Assert.Equal(256, BlockTimes.EndOf(BlockTimes.Ranges - 1));

    [Fact]
    public void Several_threads_count_and_nothing_is_allocated()
    {
        var times = new BlockTimes();
        times.Add(0.5);
        const int Blocks = 4_000_000;
        var allocated = new long[4];
        using var together = new Barrier(4);
        var threads = Enumerable.Range(0, 4).Select(thread => new Thread(() =>
        {
            together.SignalAndWait();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var block = 0; block < Blocks; block++)
            {
                times.Add(0.5);
            }

            allocated[thread] = GC.GetAllocatedBytesForCurrentThread() - before;
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal((4 * Blocks) + 1, times.Counts.Sum());
        Assert.Equal((4 * Blocks) + 1, times.Counts[BlockTimes.RangeOf(0.5)]);
        Assert.Equal([0, 0, 0, 0], allocated);
    }
}
