using System.Buffers;
using System.IO.Pipelines;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;
using Loophole.Engine;

namespace Loophole.Cluster.Tests.Meters;

/// <summary>What meters show while something is played is what an offline render of the log measures there, bit for bit, wherever it is rendered.</summary>
public sealed class MeterPlayTests
{
    private const int WindowFrames = 1_600;

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(2, true)]
    public async Task Meters_show_what_is_heard_whatever_is_done_meanwhile(int satellites, bool isLive)
    {
        var graph = Graph(isLive);
        await PerformAsync(satellites, graph, async (performance, shown) =>
        {
            await performance.PlayAsync(20);
            await shown();
            await performance.ChangeAsync(control => control.LocateAsync(15_000));
            await performance.PlayAsync(10);
            await performance.ChangeAsync(control => control.SetParameterAsync("fader0", "volume", 0.25));
            await performance.PlayAsync(10);
            await performance.ChangeAsync(control => control.PauseAsync());
            await performance.ChangeAsync(control => control.LocateAsync(3_000));
            await performance.PlayAsync(10);
            await shown();
            var hand = await performance.ChangeAsync(control => control.OpenGestureAsync(new GestureTarget("fader1", "volume", 0, 2)));
            for (var step = 1; step <= 5; step++)
            {
                hand.Update(step / 5.0);
                await performance.PlayAsync(3);
            }

            await performance.ChangeAsync(_ => hand.CommitAsync(0.25));
            await performance.PlayAsync(20);
            await shown();
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_comes_to_be_live_shows_what_it_showed(int satellites)
    {
        await PerformAsync(satellites, Graph(isLive: false), async (performance, shown) =>
        {
            await performance.PlayAsync(20);
            await performance.ChangeAsync(control => control.SetLiveAsync("track1", isLive: true));
            await performance.PlayAsync(40);
            await shown();
            await performance.ChangeAsync(control => control.SetParameterAsync("fader1", "volume", 0.25));
            await performance.ChangeAsync(control => control.SetLiveAsync("track2", isLive: true));
            await performance.PlayAsync(40);
            await performance.ChangeAsync(control => control.SetLiveAsync("track1", isLive: false));
            await performance.PlayAsync(60);
            await shown();
            await performance.ChangeAsync(control => control.SetLiveAsync("track2", isLive: false));
            await performance.ChangeAsync(control => control.LocateAsync(15_000));
            await performance.PlayAsync(60);
            await shown();
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_satellite_that_is_lost_is_not_missed(bool isLive)
    {
        var result = await PerformAsync(2, Graph(isLive), async (performance, shown) =>
        {
            await performance.PlayAsync(30);
            performance.Cut(1);
            await performance.PlayAsync(30);
            await performance.ChangeAsync(control => control.SetParameterAsync("fader0", "volume", 0.25));
            performance.Cut(2);
            await performance.PlayAsync(50);
            await shown();
        });
        Assert.True(result.Failovers > 1);
    }

    [Fact]
    public async Task A_Pulse_that_does_not_read_makes_nothing_late()
    {
        // A tenth of it is enough for what may wait.
        await PerformAsync(
            1,
            Graph(isLive: true, hasInsert: false),
            async (performance, _) => await performance.PlayAsync(250),
            channel => channel.Purpose == ChannelPurpose.Meters ? new Tampered(channel, channel.Input, new Stuck(channel.Output)) : channel);
    }

    [Theory]
    [InlineData("00 00 00 00")]
    [InlineData("ff ff ff ff")]
    [InlineData("28 00 00 00 01 01 01 00 00 00 00 00 00 00 00 00 99 99 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")]
    public async Task Bytes_that_are_none_end_the_channel_and_nothing_else(string bytes)
    {
        var hostile = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        var result = await PerformAsync(
            1,
            Graph(isLive: false),
            async (performance, _) => await performance.PlayAsync(60),
            channel =>
            {
                if (channel.Purpose == ChannelPurpose.Meters)
                {
                    channel.Output.Write(hostile);
                }

                return channel;
            });
        Assert.All(result.Nodes, node => Assert.Equal("", node.LostReason));
    }

    private static async Task<PlayResult> PerformAsync(
        int satellites,
        AudioGraph graph,
        Func<Performance, Func<Task>, Task> perform,
        Func<IClusterChannel, IClusterChannel>? tamper = null)
    {
        await using var studio = await Studio.StartAsync(satellites, real: new EngineRendererFactory(new BuiltInProcessors()), watch: network => new WatchedTransport(network, link => link, tamper));
        await using var coordinator = studio.Coordinate(new BuiltInProcessors());
        foreach (var (endPoint, _, _) in studio.Nodes)
        {
            await coordinator.ConnectAsync(endPoint, Wait.Token);
        }

        using var stop = new CancellationTokenSource();
        var performance = new Performance(studio, coordinator);
        var reports = new MeterReports(performance);
        var playing = coordinator.PlayAsync(Performance.Request(null, graph), reports, stop.Token, Wait.Token);
        await Task.WhenAny(playing, Wait.For(performance.BeginAsync())).Unwrap();
        await Task.WhenAny(playing, perform(performance, () => reports.UntilShownAsync(graph.Channels.Length, WindowFrames))).Unwrap();
        await stop.CancelAsync();
        var result = await Wait.For(playing);
        Assert.Equal((0L, 0L), (result.LateBlocks, result.MissingFrames));
        Assert.Empty(result.CallbackFaults!.Value);
        if (tamper is null)
        {
            Check(reports, MeterReference.Compute(graph, result.Events, result.Frames + 20_000));
        }
        else
        {
            Assert.All(reports.All, report => Assert.Empty(report.Meters));
        }

        return result;
    }

    private static void Check(MeterReports reports, Dictionary<(string NodeId, long StartFrame), Rendering.MeterReading[]> expected)
    {
        var shown = 0;
        foreach (var report in reports.All)
        {
            foreach (var level in report.Meters)
            {
                Assert.True(level.StartFrame + WindowFrames <= report.RenderFrame, $"{level} is not heard at {report.RenderFrame}.");
                Assert.True(expected[(level.NodeId, level.StartFrame)].AsSpan().SequenceEqual(level.Readings.AsSpan()), $"{level} at {report.RenderFrame}: {level.Readings[0]} where {expected[(level.NodeId, level.StartFrame)][0]} was measured.");
                shown++;
            }
        }

        Assert.True(shown > 0);
    }

    /// <summary>Noise in five tracks, each through a bus into the master; two of them live, and one of these with an insert.</summary>
    private static AudioGraph Graph(bool isLive, bool hasInsert = true) => new()
    {
        SampleRate = 48_000,
        LengthFrames = 0,
        OutputChannelId = "master",
        Channels =
        [
            .. Enumerable.Range(0, 5).Select(track => new Channel
            {
                Id = $"track{track}",
                Name = $"Track {track}",
                OutputChannelId = track % 2 == 0 ? "master" : "bus",
                AudioChannels = track == 2 ? 1 : 2,
                IsLive = isLive && track is 1 or 3,
                InsertFrames = isLive && hasInsert && track == 3 ? 1_100 : 0,
                Nodes =
                [
                    Node($"noise{track}", "noise", ("seed", track), ("level", 0.1 * (track + 1))),
                    Node($"insert{track}", "fader", ("volume", 0.9)) with { IsLatencyTolerant = isLive && hasInsert && track == 3 },
                    Node($"latency{track}", "latency", ("frames", 377 * track)),
                    Node($"fader{track}", "fader"),
                    Node($"meter{track}", "meter"),
                ],
            }),
            new Channel { Id = "bus", Name = "Bus", OutputChannelId = "master", Nodes = [Node("reverb", "reverb"), Node("meter bus", "meter")] },
            new Channel { Id = "master", Name = "Master", Nodes = [Node("limiter", "limiter"), Node("meter master", "meter")] },
        ],
    };

    private static ProcessorNode Node(string id, string kind, params (string Name, double Value)[] settings) =>
        new() { Id = id, Processor = kind, Parameters = [.. settings.Select(setting => new ParameterSetting(setting.Name, setting.Value))] };

    /// <summary>A channel of which one direction is somebody else.</summary>
    private sealed class Tampered(IClusterChannel inner, PipeReader input, PipeWriter output) : IClusterChannel
    {
        public ChannelPurpose Purpose => inner.Purpose;

        public CancellationToken Closed => inner.Closed;

        public PipeReader Input => input;

        public PipeWriter Output => output;

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Takes everything, and never says that it may be more.</summary>
    private sealed class Stuck(PipeWriter inner) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return default;
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}
