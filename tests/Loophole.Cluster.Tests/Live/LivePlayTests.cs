using Loophole.Cluster.Graph;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Live;

/// <summary>What is rendered in the audio callback sounds as if it had been rendered ahead, whatever is done meanwhile.</summary>
public sealed class LivePlayTests
{
    /// <summary>Three tracks of nine, and with them the master, are live.</summary>
    private static AudioGraph Graph
    {
        get
        {
            var graph = RandomGraph.Bus(9);
            return graph with { Channels = [.. graph.Channels.Select((channel, at) => channel with { IsLive = at % 4 == 1 })] };
        }
    }

    /// <summary>The same, with an insert in each live track, between what is before and what is after.</summary>
    private static AudioGraph WithInserts => Graph with
    {
        Channels = [.. Graph.Channels.Select((channel, at) => !channel.IsLive ? channel : channel with
        {
            InsertFrames = 1_100 + at,
            Nodes = [.. channel.Nodes, FakeProcessors.Plain($"i{at}", cost: 20) with { IsLatencyTolerant = true }, FakeProcessors.Plain($"after{at}")],
        })],
    };

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Everything_that_can_be_done_is_heard_at_its_frame(int satellites)
    {
        await Performance.PerformAsync(
            satellites,
            new LoopRegion(20_000, 30_000),
            async performance =>
            {
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.PauseAsync());
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.LocateAsync(15_000));
                await performance.ChangeAsync(control => control.RunAsync());
                await performance.PlayAsync(80);
                // Ahead, and in the callback.
                await performance.ChangeAsync(control => control.SetParameterAsync("p2", "add", 0.25));
                await performance.ChangeAsync(control => control.SetParameterAsync("p1", "add", 0.5));
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.SetParameterAsync("p1", "add", null));
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.StopAsync());
                await performance.PlayAsync(20);
            },
            Graph);
    }

    [Fact]
    public async Task Hands_are_heard_at_one_frame_in_the_callback_and_ahead_of_it()
    {
        var result = await Performance.PerformAsync(
            1,
            null,
            async performance =>
            {
                await performance.PlayAsync(20);
                var hand = await performance.ChangeAsync(control => control.OpenGestureAsync(new GestureTarget("p1", "add", 0, 1), new GestureTarget("p2", "add", 1, 0)));
                for (var step = 1; step <= 20; step++)
                {
                    hand.Update(step / 40.0);
                    await performance.PlayAsync(4);
                }

                await performance.ChangeAsync(_ => hand.CommitAsync(0.25));
                await performance.PlayAsync(60);
            },
            Graph);
        var moves = result.Events.OfType<ParameterEvent>().ToLookup(move => move.NodeId, move => move.Frame);
        Assert.Equal(21, moves["p1"].Count());
        Assert.Equal(moves["p1"], moves["p2"]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task A_satellite_may_be_lost_at_any_time_meanwhile(int seed, bool hasInserts)
    {
        var random = new Random(seed);
        var result = await Performance.PerformAsync(
            2,
            new LoopRegion(1_000, 9_000),
            async performance =>
            {
                var lossAt = random.Next(8);
                for (var step = 0; step < 8; step++)
                {
                    await performance.PlayAsync(random.Next(1, 20));
                    var loss = step == lossAt ? Task.Run(() => performance.Cut(1 + random.Next(2))) : Task.CompletedTask;
                    await performance.ChangeAsync(control => Performance.ChangeSomething(control, random));
                    await loss;
                }

                await performance.PlayAsync(40);
            },
            hasInserts ? WithInserts : Graph);
        Assert.Single(result.Nodes, node => node.LostReason.Length > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_is_played_on_keys_is_heard_and_is_what_was_recorded_of_it(int satellites)
    {
        // One hears everything, with an insert behind; one a single MIDI channel, with audio, too; one is recorded and not heard; one plays a take; one has no instrument.
        var graph = RandomGraph.Bus(7);
        graph = graph with
        {
            Channels =
            [
                graph.Channels[0] with { Notes = new NoteInput(), InsertFrames = 1_100, Nodes = [FakeProcessors.Plain("p0", latency: 30), FakeProcessors.Keys("keys0"), FakeProcessors.Plain("i0", cost: 20) with { IsLatencyTolerant = true }] },
                graph.Channels[1] with { Notes = new NoteInput { MidiChannel = 2 }, Input = new ChannelInput { DeviceChannels = [1] }, Nodes = [FakeProcessors.Keys("keys1")] },
                graph.Channels[2] with { Notes = new NoteInput { IsMonitored = false }, Nodes = [FakeProcessors.Keys("keys2")] },
                graph.Channels[3] with { Notes = new NoteInput { Take = [new MidiMessage(700, 0x90, 60, 100), new MidiMessage(9_000, 0x80, 60, 0)] }, Nodes = [FakeProcessors.Keys("keys3")] },
                graph.Channels[4] with { Notes = new NoteInput { MidiChannel = 0 } },
                .. graph.Channels[5..],
            ],
        };
        var result = await Performance.PerformAsync(
            satellites,
            null,
            async performance =>
            {
                await performance.PlayAsync(30);
                await performance.ChangeAsync(control => control.PauseAsync());
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.LocateAsync(15_000));
                await performance.ChangeAsync(control => control.SetParameterAsync("p0", "add", 0.25));
                await performance.PlayAsync(60);
            },
            graph);
        Assert.True(result.HeardNotes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_the_device_hears_is_heard_and_is_what_was_recorded_of_it(int satellites)
    {
        // Of two Channels that hear it one has clips to play, too, and one that hears nothing of it is recorded all the same.
        var graph = RandomGraph.Bus(5);
        graph = graph with
        {
            Channels =
            [
                graph.Channels[0] with { Input = new ChannelInput { DeviceChannels = [2] } },
                graph.Channels[1] with { Input = new ChannelInput { DeviceChannels = [1, 0] }, Nodes = [new LaneStreamNode { Id = "lane" }, FakeProcessors.Plain("p1", latency: 30)] },
                graph.Channels[2] with { Input = new ChannelInput { DeviceChannels = [0, 0], IsMonitored = false } },
                .. graph.Channels[3..],
            ],
        };
        await Performance.PerformAsync(
            satellites,
            null,
            async performance =>
            {
                await performance.PlayAsync(30);
                await performance.ChangeAsync(control => control.PauseAsync());
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.LocateAsync(15_000));
                await performance.ChangeAsync(control => control.SetParameterAsync("p0", "add", 0.25));
                await performance.PlayAsync(60);
            },
            graph);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Inserts_are_heard_by_their_budget_later_whatever_is_done_meanwhile(int satellites)
    {
        await Performance.PerformAsync(
            satellites,
            new LoopRegion(20_000, 30_000),
            async performance =>
            {
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.PauseAsync());
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.LocateAsync(15_000));
                await performance.ChangeAsync(control => control.RunAsync());
                await performance.PlayAsync(40);
                // In an insert, which goes on as it is, in the callback, ahead.
                var made = performance.Renderers;
                await performance.ChangeAsync(control => control.SetParameterAsync("i1", "add", 0.25));
                Assert.Equal(made, performance.Renderers);
                await performance.ChangeAsync(control => control.SetParameterAsync("p1", "add", 0.5));
                await performance.ChangeAsync(control => control.SetParameterAsync("p0", "add", 0.125));
                await performance.PlayAsync(20);
                var hand = await performance.ChangeAsync(control => control.OpenGestureAsync(new GestureTarget("i5", "add", 0, 1), new GestureTarget("p5", "add", 1, 0)));
                for (var step = 1; step <= 10; step++)
                {
                    hand.Update(step / 40.0);
                    await performance.PlayAsync(4);
                }

                await performance.ChangeAsync(_ => hand.CommitAsync(0.25));
                await performance.PlayAsync(40);
            },
            WithInserts);
    }

    [Fact]
    public async Task An_insert_is_as_late_after_a_hundred_thousand_blocks_as_after_one()
    {
        // Blocks so short that many fit into what is known ahead.
        const int Block = 16;
        const int Blocks = 100_000;
        var track = new Channel
        {
            Id = "track",
            Name = "Track",
            OutputChannelId = "out",
            IsLive = true,
            InsertFrames = 6_000,
            Nodes = [FakeProcessors.Plain("before"), FakeProcessors.Plain("insert", cost: 20) with { IsLatencyTolerant = true }],
        };
        var graph = new AudioGraph { SampleRate = 48_000, LengthFrames = 0, OutputChannelId = "out", Channels = [track, new Channel { Id = "out", Name = "Out" }] };
        await using var studio = await Studio.StartAsync(1);
        await using var coordinator = studio.Coordinate();
        await coordinator.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token);
        await coordinator.ConnectAsync(studio.Nodes[1].EndPoint, Wait.Token);
        using var stop = new CancellationTokenSource();
        var marathon = new Marathon(studio.Devices, Block, Blocks);
        var request = new PlayRequest { Graph = graph, Device = "fake", DeviceBlockFrames = Block, RecordPath = "out.wav", Policy = DistributionPolicy.AggressiveOffload };
        var playing = coordinator.PlayAsync(request, marathon, stop.Token, Wait.Token);
        await Task.WhenAny(playing, marathon.Done).Unwrap().WaitAsync(TimeSpan.FromMinutes(3), Wait.Token);
        await stop.CancelAsync();
        var result = await Wait.For(playing);
        Assert.Equal((Blocks * Block, 0L, 0L), (result.Frames, result.LateBlocks, result.LostFrames));
        Assert.True(result.Nodes[1].Blocks > 0, "The insert was not away.");
        Assert.Equal(await Studio.ReferenceAsync(Studio.Request(result.Frames, graph: graph, events: result.Events)), studio.Sinks.Samples);
    }

    [Fact]
    public async Task Where_all_is_live_nothing_is_rendered_ahead()
    {
        var graph = RandomGraph.Bus(3);
        var result = await Performance.PerformAsync(
            0,
            null,
            async performance =>
            {
                await performance.PlayAsync(40);
                await performance.ChangeAsync(control => control.LocateAsync(3_000));
                await performance.PlayAsync(40);
            },
            graph with { Channels = [.. graph.Channels.Select(channel => channel with { IsLive = true })] });
        Assert.All(result.Nodes, node => Assert.Equal((0, 0L), (node.Subgraphs, node.Blocks)));
    }

    [Fact]
    public async Task What_fails_in_the_callback_ends_playing_by_name()
    {
        await using var studio = await Studio.StartAsync(0);
        await using var coordinator = studio.Coordinate();
        await coordinator.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token);
        var performance = new Performance(studio, coordinator);
        var playing = coordinator.PlayAsync(Performance.Request(null, Graph), performance, CancellationToken.None, Wait.Token);
        await Wait.For(performance.BeginAsync());
        studio.Nodes[0].Renderers.OnRender = renderer =>
        {
            if (renderer.Plan.Inputs.Length > 1)
            {
                throw new InvalidOperationException("the needle broke");
            }
        };
        await performance.UntilAheadAsync(Performance.Reaction);
        (await studio.Devices.Started).Call(1);
        Assert.Contains("the needle broke", (await Assert.ThrowsAsync<ClusterException>(() => Wait.For(playing))).Message, StringComparison.Ordinal);
    }

    /// <summary>Calls the device as often as inserts have answered, until it is enough.</summary>
    private sealed class Marathon(FakeDevices devices, int blockFrames, int blocks) : IProgress<PlayProgress>
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _called;

        public Task Done => _done.Task;

        public void Report(PlayProgress value)
        {
            // What happens next is told a tenth of a second ahead, and each time a position is reported.
            var there = Math.Min(Math.Min(value.AheadFrames, 4_000), value.InsertAheadFrames!.Value) / blockFrames;
            if (value.RenderFrame == (long)_called * blockFrames && there > 0 && _called < blocks && devices.Started.IsCompletedSuccessfully)
            {
                var calls = (int)Math.Min(there, blocks - _called);
                devices.Started.Result.Call(calls);
                _called += calls;
            }
            else if (_called == blocks)
            {
                _done.TrySetResult();
            }
        }
    }
}
