using Loophole.Cluster.Hub;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Hub;

public sealed class GapTrailTests
{
    private readonly GapTrail _trail = new();

    [Fact]
    public void A_gap_goes_on_over_calls_until_something_is_there()
    {
        _trail.Add(100, 20);
        _trail.Add(120, 64);
        Assert.Equal((100L, 84L, false), (_trail.OpenAt!.Value, _trail.Frames, _trail.TryTake(out _)));
        _trail.Close();
        _trail.Close();
        Assert.True(_trail.TryTake(out var gap));
        Assert.Equal(new Gap(100, 84), gap);
        Assert.Null(_trail.OpenAt);
        Assert.False(_trail.TryTake(out _));
    }

    [Fact]
    public void What_does_not_follow_is_another_gap()
    {
        _trail.Add(0, 64);
        _trail.Add(128, 64);
        Assert.True(_trail.TryTake(out var gap));
        Assert.Equal((new Gap(0, 64), 128L), (gap, _trail.OpenAt!.Value));
    }

    [Fact]
    public void What_nobody_takes_is_counted_and_not_kept()
    {
        for (var gap = 0; gap < GapTrail.Capacity + 10; gap++)
        {
            _trail.Add(gap * 100, 10);
            _trail.Close();
        }

        Assert.Equal((GapTrail.Capacity + 10) * 10, _trail.Frames);
        for (var gap = 0; gap < GapTrail.Capacity; gap++)
        {
            Assert.True(_trail.TryTake(out var taken));
            Assert.Equal(new Gap(gap * 100, 10), taken);
        }

        Assert.False(_trail.TryTake(out _));
        _trail.Add(100_000, 1);
        _trail.Close();
        Assert.True(_trail.TryTake(out var after));
        Assert.Equal(new Gap(100_000, 1), after);
    }

    [Fact]
    public async Task Every_gap_is_taken_once_while_others_are_added()
    {
        const int Gaps = 5_000;
        var count = 0;
        var taking = Task.Run(
            () =>
            {
                var all = new List<Gap>();
                while (all.Count < Gaps)
                {
                    Wait.Token.ThrowIfCancellationRequested();
                    Thread.Yield();
                    if (_trail.TryTake(out var gap))
                    {
                        all.Add(gap);
                        Volatile.Write(ref count, all.Count);
                    }
                }

                return all;
            },
            Wait.Token);
        for (var gap = 0; gap < Gaps; gap++)
        {
            // As the audio thread is: never so far ahead that something is not kept.
            while (gap - Volatile.Read(ref count) >= GapTrail.Capacity)
            {
                Wait.Token.ThrowIfCancellationRequested();
                Thread.Yield();
            }

            _trail.Add(gap * 10L, 1 + (gap % 9));
            _trail.Close();
        }

        Assert.Equal(Enumerable.Range(0, Gaps).Select(gap => new Gap(gap * 10L, 1 + (gap % 9))), await Wait.For(taking));
    }
}
