using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Meters;

/// <summary>Whatever becomes of the windows, whoever renders never waits for it.</summary>
[Collection(nameof(Alone))]
public sealed class MeterOutboxTests
{
    // A lead of three windows and twice a checkpoint of one, and what is spare.
    private const int Capacity = 3 + 2 + 16;

    private static readonly SessionFormat Format = new(FakeMeters.SampleRate, FakeMeters.WindowFrames, 1 << 20, 3 * FakeMeters.WindowFrames, FakeMeters.WindowFrames, HasMeters: true);

    private readonly FakeMeters _renderer = new();
    private readonly MeterOutbox _outbox = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Nobody_who_did_not_ask_pays_for_it()
    {
        Assert.Null(MeterTap.Of(_renderer, Format with { HasMeters = false }, 1));
        Assert.Null(MeterTap.Of(new FakeRenderer(FakeMeters.OfPlan, new FakeRenderers(), new FakeMedia()), Format, 1));
    }

    [Fact]
    public async Task Windows_are_sent_thirty_times_a_second_as_they_were_measured()
    {
        var tap = Tap(epoch: 3);
        var (sending, receiver) = await SendAsync();
        Finish(tap, 2);
        _time.Advance(TimeSpan.FromSeconds(1.0 / 30));
        var first = await ReceiveAsync(receiver);
        Assert.Equal((0u, 0u), (first.Number, first.Dropped));
        Assert.Equal([(1, 0L), (1, 100L), (2, 0L), (2, 100L)], first.Windows.Select(window => (window.Node, window.StartFrame)));
        Assert.All(first.Windows, Check);
        Assert.All(first.Windows, window => Assert.Equal(3, window.Epoch));
        // Nothing is nothing to be sent.
        _time.Advance(TimeSpan.FromSeconds(1.0 / 30));
        Finish(tap, 1);
        _time.Advance(TimeSpan.FromSeconds(1.0 / 30));
        var second = await ReceiveAsync(receiver);
        Assert.Equal((1u, 2), (second.Number, second.Windows.Length));
        Assert.False(sending.IsCompleted);
    }

    [Fact]
    public async Task What_is_rendered_no_more_is_sent_to_its_end()
    {
        var tap = Tap(epoch: 3);
        Finish(tap, 4);
        _outbox.Remove(tap);
        Finish(tap, 4);
        var (_, receiver) = await SendAsync();
        _time.Advance(TimeSpan.FromSeconds(1.0 / 30));
        Assert.Equal(2 * 4, (await ReceiveAsync(receiver)).Windows.Length);
    }

    [Fact]
    public async Task What_nobody_reads_is_dropped_and_counted_and_what_comes_later_is_sent()
    {
        var tap = Tap(epoch: 3);
        var (sending, receiver) = await SendAsync(pauseThreshold: 4_096);
        // The channel takes some and then no more.
        for (var look = 0; look < 200; look++)
        {
            Finish(tap, 3);
            _time.Advance(TimeSpan.FromSeconds(1.0 / 30));
        }

        await Wait.Until(() => tap.Dropped > 0, "a full ring");
        var (dropped, windows) = (tap.Dropped, new List<MeterWindow>());
        for (var due = 0u; windows.Count + dropped < 2 * 600; due++)
        {
            _time.Advance(TimeSpan.FromSeconds(1.0 / 30));
            var bundle = await ReceiveAsync(receiver);
            Assert.Equal(due, bundle.Number);
            windows.AddRange(bundle.Windows);
            dropped = bundle.Dropped;
        }

        Assert.Equal(2 * 600, windows.Count + dropped);
        Assert.All(windows, Check);
        foreach (var meter in windows.GroupBy(window => window.Node))
        {
            Assert.Equal(meter.Select(window => window.StartFrame).Order().Distinct(), meter.Select(window => window.StartFrame));
        }

        Finish(tap, 1);
        _time.Advance(TimeSpan.FromSeconds(1.0 / 30));
        Assert.All((await ReceiveAsync(receiver)).Windows, window => Assert.Equal(60_000, window.StartFrame));
        Assert.False(sending.IsCompleted);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_sending()
    {
        var tap = Tap(epoch: 3);
        var (sending, receiver) = await SendAsync();
        await receiver.DisposeAsync();
        for (var look = 0; look < 10 && !sending.IsCompleted; look++)
        {
            Finish(tap, 1);
            _time.Advance(TimeSpan.FromSeconds(1.0 / 30));
        }

        await Wait.For(sending);
    }

    [Fact]
    public async Task Whoever_renders_and_whoever_sends_run_against_each_other()
    {
        const int Windows = 200_000;
        var tap = Tap(epoch: 1);
        var rendering = Task.Run(
            () =>
            {
                for (var window = 0; window < Windows; window++)
                {
                    Finish(tap, 1);
                }
            },
            Wait.Token);
        var (next, taken) = (new long[3], 0);
        for (var isLast = false; !isLast;)
        {
            isLast = rendering.IsCompleted;
            foreach (var window in tap.Take(_ => true))
            {
                Check(window);
                Assert.True(window.StartFrame >= next[window.Node], $"Window {window.StartFrame} after {next[window.Node]}.");
                next[window.Node] = window.StartFrame + 1;
                taken++;
            }
        }

        await rendering;
        Assert.Equal(2L * Windows, taken + tap.Dropped);
        Assert.True(taken >= 2 * Capacity);
    }

    [Fact]
    public void Whoever_renders_allocates_nothing()
    {
        var tap = Tap(epoch: 1);
        Finish(tap, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var block = 0; block < 10 * Capacity; block++)
        {
            Finish(tap, 1);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Check(MeterWindow window)
    {
        Assert.Equal((FakeMeters.SignalId, 2), (window.SignalId, window.Readings.Length));
        Assert.Equal(FakeMeters.Reading(window.Node - 1, window.StartFrame, 0), window.Readings[0]);
        Assert.Equal(FakeMeters.Reading(window.Node - 1, window.StartFrame, 1), window.Readings[1]);
    }

    private static async Task<MeterBundle> ReceiveAsync(MeterChannel receiver) => (await Wait.For(receiver.ReceiveAsync(Wait.Token).AsTask()))!;

    private void Finish(MeterTap tap, int windows)
    {
        _renderer.Finish(windows);
        tap.Drain();
    }

    private MeterTap Tap(int epoch)
    {
        var tap = MeterTap.Of(_renderer, Format, epoch)!;
        _outbox.Add(tap);
        return tap;
    }

    private async Task<(Task Sending, MeterChannel Receiver)> SendAsync(int pauseThreshold = 1 << 20)
    {
        var (near, far) = await Pipes.ChannelsAsync(ChannelPurpose.Meters, pauseThreshold);
        return (_outbox.SendAsync(new MeterChannel(near), _time, Wait.Token), new MeterChannel(far));
    }
}
