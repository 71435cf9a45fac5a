namespace Loophole.Cluster.TestKit.Tests;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<(string Name, long At)> _fired = [];

    [Fact]
    public void Timers_fire_in_order_of_due_time_each_at_its_own()
    {
        Set("late", 30);
        Set("early", 10);
        Set("first of two", 20);
        Set("second of two", 20);
        _time.Advance(Seconds(29));
        Assert.Equal([("early", 10), ("first of two", 20), ("second of two", 20)], _fired);
        Assert.Equal(1, _time.ArmedTimers);
        _time.Advance(Seconds(1));
        Assert.Equal(("late", 30), _fired[^1]);
        Assert.Equal(Seconds(30).Ticks, _time.GetTimestamp());
    }

    [Fact]
    public void A_periodic_timer_fires_at_each_period_between_the_others()
    {
        Set("tick", 10, 10);
        Set("once", 25);
        _time.Advance(Seconds(40));
        Assert.Equal([("tick", 10), ("tick", 20), ("once", 25), ("tick", 30), ("tick", 40)], _fired);
    }

    [Fact]
    public void What_a_callback_sets_fires_in_the_same_call_when_due()
    {
        using var outer = _time.CreateTimer(_ => Set("inner", 5), null, Seconds(10), Timeout.InfiniteTimeSpan);
        _time.Advance(Seconds(20));
        Assert.Equal([("inner", 15)], _fired);
    }

    [Fact]
    public void A_timer_can_be_changed_stopped_and_disposed()
    {
        var timer = Set("moved", 10);
        Assert.True(timer.Change(Seconds(20), Timeout.InfiniteTimeSpan));
        _time.Advance(Seconds(15));
        Assert.Empty(_fired);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        Assert.Equal(0, _time.ArmedTimers);
        _time.Advance(Seconds(15));
        Assert.Empty(_fired);
        timer.Change(Seconds(1), Seconds(1));
        timer.Dispose();
        Assert.False(timer.Change(Seconds(1), Seconds(1)));
        _time.Advance(Seconds(15));
        Assert.Empty(_fired);
    }

    [Fact]
    public void A_callback_may_dispose_a_timer_that_is_due_as_well()
    {
        ITimer? victim = null;
        using var killer = _time.CreateTimer(_ => victim!.Dispose(), null, Seconds(10), Timeout.InfiniteTimeSpan);
        victim = Set("victim", 10);
        _time.Advance(Seconds(10));
        Assert.Empty(_fired);
    }

    [Fact]
    public void The_clock_is_moved_by_one_caller_and_never_back()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(Seconds(-1)));
        using var timer = _time.CreateTimer(_ => _time.Advance(Seconds(1)), null, Seconds(1), Timeout.InfiniteTimeSpan);
        Assert.Throws<InvalidOperationException>(() => _time.Advance(Seconds(2)));
        _time.Advance(Seconds(1));
        Assert.Equal(Seconds(2).Ticks, _time.GetTimestamp());
    }

    [Fact]
    public void It_starts_where_it_is_told()
    {
        var start = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));
        var time = new ManualTimeProvider(start);
        time.Advance(Seconds(1));
        Assert.Equal(start.AddSeconds(1), time.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, time.GetLocalNow().Offset);
        Assert.Equal(Seconds(1), time.GetElapsedTime(0));
    }

    [Fact]
    public async Task A_delay_and_a_token_source_run_on_it()
    {
        var delay = Task.Delay(Seconds(10), _time, TestContext.Current.CancellationToken);
        using var source = new CancellationTokenSource(Seconds(20), _time);
        await _time.WaitForTimersAsync(2, TestContext.Current.CancellationToken);
        _time.Advance(Seconds(10));
        await delay;
        Assert.False(source.IsCancellationRequested);
        _time.Advance(Seconds(10));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public async Task A_wait_for_timers_ends_when_they_are_set()
    {
        var waiting = _time.WaitForTimersAsync(2, TestContext.Current.CancellationToken);
        Set("one", 1);
        Assert.False(waiting.IsCompleted);
        Set("two", 2);
        await waiting;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private ITimer Set(string name, double seconds, double? period = null) => _time.CreateTimer(
        _ => _fired.Add((name, _time.GetTimestamp() / TimeSpan.TicksPerSecond)), null, Seconds(seconds), period is { } p ? Seconds(p) : Timeout.InfiniteTimeSpan);
}
