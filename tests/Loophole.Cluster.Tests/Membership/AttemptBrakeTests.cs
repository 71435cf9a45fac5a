using Loophole.Cluster.Membership;

namespace Loophole.Cluster.Tests.Membership;

public sealed class AttemptBrakeTests
{
    private readonly AttemptBrake _brake = new();

    [Fact]
    public void The_first_attempts_are_made_at_once()
    {
        for (var attempt = 0; attempt < AttemptBrake.Limit; attempt++)
        {
            Assert.Equal(TimeSpan.Zero, _brake.WaitAt(TimeSpan.Zero));
            _brake.Note(TimeSpan.Zero);
        }

        Assert.True(_brake.WaitAt(TimeSpan.Zero) > TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(5)]
    public void Ten_times_a_second_or_less_it_is_tried_every_nine_seconds_in_the_end(double periodSeconds)
    {
        var attempts = new List<double>();
        for (var second = 0.0; second < 3_600; second += periodSeconds)
        {
            if (_brake.WaitAt(TimeSpan.FromSeconds(second)) == TimeSpan.Zero)
            {
                _brake.Note(TimeSpan.FromSeconds(second));
                attempts.Add(second);
            }
        }

        Assert.InRange(attempts.Count, 3_600 / (8.8 + periodSeconds), (3_600 / 8.7) + 3);
        Assert.All(attempts.Skip(3).Zip(attempts.Skip(4)), pair => Assert.InRange(pair.Second - pair.First, 8.7, 8.8 + periodSeconds));
    }

    [Fact]
    public void What_comes_once_a_minute_is_never_held_up()
    {
        for (var minute = 0; minute < 100; minute++)
        {
            Assert.Equal(TimeSpan.Zero, _brake.WaitAt(TimeSpan.FromMinutes(minute)));
            _brake.Note(TimeSpan.FromMinutes(minute));
        }
    }

    [Fact]
    public void The_wait_that_is_told_is_long_enough_and_no_longer()
    {
        for (var attempt = 0; attempt < 7; attempt++)
        {
            _brake.Note(TimeSpan.FromSeconds(attempt));
        }

        var wait = _brake.WaitAt(TimeSpan.FromSeconds(6));
        Assert.Equal(0, wait.Ticks % TimeSpan.TicksPerMillisecond);
        Assert.Equal(TimeSpan.Zero, _brake.WaitAt(TimeSpan.FromSeconds(6) + wait));
        Assert.NotEqual(TimeSpan.Zero, _brake.WaitAt(TimeSpan.FromSeconds(6) + wait - TimeSpan.FromMilliseconds(1)));
        _brake.Release();
        Assert.Equal(TimeSpan.Zero, _brake.WaitAt(TimeSpan.FromSeconds(6)));
    }
}
