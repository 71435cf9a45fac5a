using System.Collections.Concurrent;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class PlayTests
{
    private const int Block = 256;
    private const int GridBlock = 128;
    private const int Lead = 8_192;
    private const int Steps = 20;
    private const int BlocksPerStep = 16;
    private const long Frames = Steps * BlocksPerStep * Block;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_is_recorded_is_what_an_offline_render_makes(int satellites)
    {
        var expected = await Studio.ReferenceAsync(Studio.Request(Frames));
        await using var studio = await Studio.StartAsync(satellites);
        var (result, _) = await PlayAsync(studio, Request(), PlayAllAsync);
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.Equal((Frames, 0L, 0L, 0L, 3L), (result.Frames, result.LateBlocks, result.MissingFrames, result.LostFrames, result.Xruns));
        Assert.True(studio.Sinks.IsComplete);
        Assert.All(result.Nodes, node => Assert.True(node.Blocks > 0));
    }

    [Fact]
    public async Task A_satellite_that_is_lost_within_the_lead_is_not_heard()
    {
        var expected = await Studio.ReferenceAsync(Studio.Request(Frames));
        await using var studio = await Studio.StartAsync(2);
        var (result, _) = await PlayAsync(studio, Request(), async (device, progress) =>
        {
            await PlayAllAsync(device, progress, Steps / 2);
            studio.Network.Cut(studio.Nodes[1].EndPoint);
            await PlayAllAsync(device, progress, Steps - (Steps / 2), played: Steps / 2);
        });
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.NotEqual("", result.Nodes[1].LostReason);
        Assert.True(result.Failovers > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_satellite_was_late_with_is_named_with_its_start_and_length(bool isLost)
    {
        await using var studio = await Studio.StartAsync(2);
        using var mayRender = new ManualResetEventSlim(initialState: true);
        var late = new ConcurrentDictionary<string, bool>();
        studio.Nodes[1].Renderers.OnRender = renderer =>
        {
            foreach (var step in renderer.Plan.Steps.OfType<ChannelStep>())
            {
                late[step.ChannelId] = true;
            }

            mayRender.Wait(Wait.Deadline);
        };
        var others = new ConcurrentDictionary<FakeRenderer, long>();
        studio.Nodes[2].Renderers.OnRender = renderer => others[renderer] = renderer.Position;
        PlayGap? open = null;
        var (result, _) = await PlayAsync(studio, Request(), async (device, progress) =>
        {
            // What it has rendered is played out, at a pace that the others can keep.
            mayRender.Reset();
            for (var played = Block; progress.Last is not { LateBlocks: > 0 }; played += Block)
            {
                device.Call(1);
                await Wait.Until(() => others.Values.Min() >= played + (Lead / 2) && progress.Last?.RenderFrame >= played, $"the other satellite at frame {played}");
            }

            await Wait.Until(() => progress.Last is { Gaps: [{ Frames: null, ChannelIds.IsEmpty: false }] }, "a gap that is not over");
            open = progress.Last!.Gaps[0];
            if (isLost)
            {
                studio.Network.Cut(studio.Nodes[1].EndPoint);
            }

            mayRender.Set();
            await Wait.Until(() => progress.Last is { AheadFrames: > Lead / 2 }, "the lead after a gap");
            device.Call(1);
            await Wait.Until(() => progress.Last is { Gaps: [{ Frames: not null }] }, "a gap that is over");
        });
        var gap = Assert.Single(result.Gaps);
        Assert.Equal((open!.StartFrame, result.MissingFrames), (gap.StartFrame, gap.Frames!.Value));
        Assert.Equal(["satellite1"], gap.Nodes);
        Assert.Equal(late.Keys.Order(), gap.ChannelIds.Order());
        Assert.Equal(isLost, result.Failovers > 0);
        // There it is in what was recorded: nothing but the fade that begins it.
        var sounding = GapFade.Frames * result.AudioChannels;
        var silent = studio.Sinks.Samples.GetRange((int)gap.StartFrame * result.AudioChannels, (int)gap.Frames!.Value * result.AudioChannels);
        Assert.All(silent.Skip(sounding), sample => Assert.Equal(0f, sample));
        Assert.Contains(silent.Take(sounding), sample => sample != 0f);
    }

    [Fact]
    public async Task What_is_not_there_in_time_is_counted_and_playing_goes_on()
    {
        await using var studio = await Studio.StartAsync(0);
        using var mayRender = new ManualResetEventSlim(initialState: true);
        studio.Nodes[0].Renderers.OnRender = _ => mayRender.Wait(Wait.Deadline);
        var (result, progress) = await PlayAsync(studio, Request(), async (device, progress) =>
        {
            // More than can be ahead, and nothing is added meanwhile but what is under way.
            mayRender.Reset();
            device.Call((Lead / Block) + 10);
            mayRender.Set();
            await Wait.Until(() => progress.Last is { LateBlocks: > 0, AheadFrames: > Lead / 2 }, "the lead after a gap");
        });
        // The device starts as soon as all but the last block of the grid is there.
        Assert.InRange(result.LateBlocks, 1, 11);
        Assert.InRange(result.MissingFrames, 1, (10 * Block) + GridBlock);
        Assert.Equal((Lead / Block) + 10, result.Frames / Block);
        Assert.Equal(result.LateBlocks, progress.Last!.LateBlocks);
    }

    [Fact]
    public async Task Loops_are_announced_ahead_for_as_long_as_it_plays()
    {
        await using var studio = await Studio.StartAsync(1);
        var (result, progress) = await PlayAsync(studio, Request(new LoopRegion(1_000, 2_000), startFrame: 500), PlayAllAsync);
        Assert.Equal(0, result.LateBlocks);
        Assert.Equal(Enumerable.Range(0, (int)((Frames - 1_500 + 999) / 1_000) + 1).Select(pass => pass == 0 ? 0L : 500 + (pass * 1_000L)), result.Events.Select(made => made.Frame));
        Assert.InRange(progress.Last!.ProjectFrame, 500, 1_999);
    }

    [Fact]
    public async Task Who_stops_before_anything_is_there_does_not_wait_for_it()
    {
        await using var studio = await Studio.StartAsync(0);
        using var mayRender = new ManualResetEventSlim();
        var isRendering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        studio.Nodes[0].Renderers.OnRender = _ =>
        {
            isRendering.TrySetResult();
            mayRender.Wait(Wait.Deadline);
        };
        await using (var coordinator = studio.Coordinate())
        {
            await coordinator.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token);
            using var stop = new CancellationTokenSource();
            var playing = coordinator.PlayAsync(Request(), null, stop.Token, Wait.Token);
            await Wait.For(isRendering.Task);
            await stop.CancelAsync();
            Assert.Equal(0, (await Wait.For(playing)).Frames);
            mayRender.Set();
        }

        Assert.False(studio.Devices.Started.IsCompleted);
    }

    [Fact]
    public async Task A_device_that_is_lost_ends_playing_by_its_name_and_leaves_no_recording()
    {
        await using var studio = await Studio.StartAsync(1);
        var failure = await Assert.ThrowsAsync<ClusterException>(() => PlayAsync(studio, Request(), (device, _) =>
        {
            device.Fail(new AudioDeviceException(AudioDeviceError.Lost, "The server went away."));
            return Task.Delay(Timeout.Infinite, Wait.Token);
        }));
        Assert.Equal((ClusterError.Output, "The server went away."), (failure.Error, failure.Message));
        Assert.False(studio.Sinks.IsComplete);
    }

    [Fact]
    public async Task What_a_device_loses_when_it_is_stopped_is_said_and_the_recording_is_complete()
    {
        await using var studio = await Studio.StartAsync(0);
        var failure = await Assert.ThrowsAsync<ClusterException>(() => PlayAsync(studio, Request(), (device, _) =>
        {
            device.LastFailure = new AudioDeviceException(AudioDeviceError.Unknown, "The disk is full.");
            return Task.CompletedTask;
        }));
        Assert.Contains("The disk is full.", failure.Message, StringComparison.Ordinal);
        Assert.True(studio.Sinks.IsComplete);
    }

    [Fact]
    public async Task A_device_that_refuses_or_is_unknown_is_said_before_anything_plays()
    {
        await using var studio = await Studio.StartAsync(0);
        studio.Devices.Refusal = new AudioDeviceException(AudioDeviceError.RateRefused, "It runs at 44100 Hz.");
        var refused = await Assert.ThrowsAsync<ClusterException>(() => PlayAsync(studio, Request(), PlayAllAsync));
        Assert.Equal("It runs at 44100 Hz.", refused.Message);
        await using var other = await Studio.StartAsync(0);
        var unknown = await Assert.ThrowsAsync<ClusterException>(() => PlayAsync(other, Request(device: "gramophone:1"), PlayAllAsync));
        Assert.Contains("gramophone:1", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("fake", unknown.Message, StringComparison.Ordinal);
    }

    private static PlayRequest Request(LoopRegion? loop = null, long startFrame = 0, string device = "fake") => new()
    {
        Graph = RandomGraph.Bus(9),
        Device = device,
        DeviceBlockFrames = Block,
        RecordPath = "out.wav",
        BlockFrames = GridBlock,
        LeadFrames = Lead,
        MostLeadFrames = Lead,
        CheckpointFrames = 1_024,
        Loop = loop,
        StartFrame = startFrame,
    };

    private static Task PlayAllAsync(FakeDevices.FakeDevice device, Progress progress) => PlayAllAsync(device, progress, Steps);

    /// <summary>Calls as fast as the lead comes back, and never faster.</summary>
    private static async Task PlayAllAsync(FakeDevices.FakeDevice device, Progress progress, int steps, int played = 0)
    {
        for (var step = played; step < played + steps; step++)
        {
            var frame = step * BlocksPerStep * Block;
            await Wait.Until(() => progress.Last is { } last && last.RenderFrame == frame && last.AheadFrames >= BlocksPerStep * Block, $"the lead at frame {frame}");
            device.Call(BlocksPerStep);
        }
    }

    private static async Task<(PlayResult Result, Progress Progress)> PlayAsync(Studio studio, PlayRequest request, Func<FakeDevices.FakeDevice, Progress, Task> perform)
    {
        await using var coordinator = studio.Coordinate();
        foreach (var (endPoint, _, _) in studio.Nodes)
        {
            await coordinator.ConnectAsync(endPoint, Wait.Token);
        }

        using var stop = new CancellationTokenSource();
        var progress = new Progress();
        var playing = coordinator.PlayAsync(request, progress, stop.Token, Wait.Token);
        if (await Task.WhenAny(playing, studio.Devices.Started) != playing)
        {
            await Task.WhenAny(playing, Wait.For(perform(await studio.Devices.Started, progress))).Unwrap();
        }

        await stop.CancelAsync();
        var result = await Wait.For(playing);
        Assert.Empty(result.CallbackFaults!.Value);
        return (result, progress);
    }

    private sealed class Progress : IProgress<PlayProgress>
    {
        private volatile PlayProgress? _last;

        public PlayProgress? Last => _last;

        public void Report(PlayProgress value) => _last = value;
    }
}
