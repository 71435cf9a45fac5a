using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class RoundTripsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly RoundTrips _trips = new();

    [Fact]
    public void The_last_minute_counts()
    {
        Add(500);
        Assert.Equal((500, 500, 500), Times());
        for (var second = 0; second < 59; second++)
        {
            Add(second < 29 ? 2 : 3);
        }

        Assert.Equal((3, 3, 500), Times());
        Add(1);
        Assert.Equal((1, 2, 3), Times());
    }

    [Fact]
    public void The_clock_is_set_by_the_quickest_of_the_last_answers()
    {
        // Four seconds ahead; the way there is as long as the way back only in the quickest one.
        var offset = TimeSpan.FromSeconds(4);
        Add(100, there: 90, offset);
        Assert.Equal(4_040, _trips.ClockOffset.TotalMilliseconds);
        Add(2, there: 1, offset);
        Add(50, there: 5, offset);
        Assert.Equal(offset, _trips.ClockOffset);
        for (var later = 0; later < 8; later++)
        {
            Add(20, there: 10, -offset);
        }

        Assert.Equal(-offset, _trips.ClockOffset);
    }

    private (double Last, double Median, double Worst) Times() => (_trips.Last.TotalMilliseconds, _trips.Median.TotalMilliseconds, _trips.Worst.TotalMilliseconds);

    private void Add(int took, int there = 0, TimeSpan offset = default) => _trips.Add(TimeSpan.FromMilliseconds(took), Now, Now + TimeSpan.FromMilliseconds(there) + offset);
}
