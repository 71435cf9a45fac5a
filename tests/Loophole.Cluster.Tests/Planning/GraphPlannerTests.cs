using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Planning;

public sealed class GraphPlannerTests
{
    [Fact]
    public void Every_path_to_a_sum_has_the_same_latency()
    {
        const int Seed = 4711;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var random = new Random(Seed);
        var sums = 0;
        for (var round = 0; round < 1_000; round++)
        {
            var graph = RandomGraph.Make(random);
            var plan = Plan(graph);
            var processors = new FakeProcessors();
            var makers = plan.Steps.SelectMany(step => Makes(step).Select(signal => (signal, step))).ToDictionary(x => x.signal, x => x.step);

            foreach (var step in plan.Steps)
            {
                switch (step)
                {
                    case SumStep sum:
                        sums++;
                        Assert.Single(sum.Inputs.SelectMany(input => Arrivals(input.SignalId).Select(at => at + input.DelayFrames)).Distinct());
                        break;
                    case ChannelStep channel:
                        var upTo = channel.InputSignalId is { } id ? Assert.Single(Arrivals(id)) : 0;
                        foreach (var node in channel.Nodes)
                        {
                            Assert.Equal(upTo, node.UpstreamLatencyFrames);
                            upTo += processors.LatencyFrames(node.Node, 48_000);
                        }

                        break;
                }
            }

            Assert.Equal(plan.LatencyFrames, Assert.Single(Arrivals(plan.Output.Id)));

            // Walks every path backwards from a signal to where it starts.
            HashSet<int> Arrivals(int signal) => makers[signal] switch
            {
                SumStep sum => [.. sum.Inputs.SelectMany(input => Arrivals(input.SignalId).Select(at => at + input.DelayFrames))],
                ChannelStep channel => [.. (channel.InputSignalId is { } id ? Arrivals(id) : [0]).Select(at => at
                    + channel.Nodes.TakeWhile(node => node.Tap?.Id != signal).Sum(node => processors.LatencyFrames(node.Node, 48_000)))],
                _ => [],
            };
        }

        Assert.True(sums > 500, $"Only {sums} sums were seen.");
    }

    [Fact]
    public void A_sum_tree_has_four_inputs_a_node_in_Channel_order()
    {
        var plan = Plan(RandomGraph.Bus(18));
        var tracks = plan.Steps.OfType<ChannelStep>().ToDictionary(step => step.Output.Id, step => step.ChannelId);
        var sums = plan.Steps.OfType<SumStep>().ToArray();
        Assert.Equal([4, 4, 4, 4, 2, 4, 2], sums.Select(sum => sum.Inputs.Length));
        Assert.Equal(Enumerable.Range(0, 18).Select(track => $"t{track}"), sums.Take(5).SelectMany(sum => sum.Inputs).Select(input => tracks[input.SignalId]));
        Assert.Equal(sums.Take(4).Select(sum => sum.Output.Id), sums[5].Inputs.Select(input => input.SignalId));
        Assert.Equal([sums[5].Output.Id, sums[4].Output.Id], sums[6].Inputs.Select(input => input.SignalId));
    }

    [Fact]
    public void Ids_do_not_decide_the_order_of_a_sum()
    {
        var plan = Plan(RandomGraph.Bus(18));
        var renamed = Plan(RandomGraph.Bus(18, track => $"x{99 - track}"));
        Assert.Equal(plan.Steps.OfType<SumStep>().Select(Shape), renamed.Steps.OfType<SumStep>().Select(Shape));

        static string Shape(SumStep sum) => string.Join(',', sum.Inputs) + sum.Output;
    }

    [Fact]
    public void What_does_not_reach_the_output_is_left_out()
    {
        var plan = Plan(Graph(
            new Channel { Id = "dead", Name = "Dead" },
            new Channel { Id = "a", Name = "A", OutputChannelId = "out", Nodes = [new SendNode { Id = "s", TargetChannelId = "deadBus" }] },
            new Channel { Id = "deadBus", Name = "Dead bus" },
            new Channel { Id = "out", Name = "Out" }));
        Assert.Equal(["channel:a", "channel:out"], plan.Steps.Select(step => step.Id));
    }

    [Fact]
    public void A_send_taps_at_its_place_in_the_chain()
    {
        var plan = Plan(Graph(
            new Channel { Id = "a", Name = "A", OutputChannelId = "out", Nodes = [Send("pre"), FakeProcessors.Plain("fader", latency: 100), Send("post")] },
            new Channel { Id = "fx", Name = "Effect", OutputChannelId = "out" },
            new Channel { Id = "out", Name = "Out" }));
        var nodes = plan.Steps.OfType<ChannelStep>().First().Nodes;
        Assert.Equal([0, 0, 100], nodes.Select(node => node.UpstreamLatencyFrames));
        Assert.Equal([true, false, true], nodes.Select(node => node.Tap is not null));
        var sum = plan.Steps.OfType<SumStep>().First();
        Assert.Equal([new SumInput(nodes[0].Tap!.Value.Id, 100), new SumInput(nodes[2].Tap!.Value.Id, 0)], sum.Inputs);

        static SendNode Send(string id) => new() { Id = id, TargetChannelId = "fx" };
    }

    [Fact]
    public void A_step_needs_the_plugins_of_the_active_variants_in_it_each_once()
    {
        static PluginVariant Variant(string id, bool isMissing = false) => new() { Format = "vst3", PluginId = id, Name = id, IsMissing = isMissing };
        var graph = Graph(
            new Channel
            {
                Id = "a",
                Name = "A",
                OutputChannelId = "out",
                Nodes =
                [
                    new StackNode { Id = "s1", Variants = [Variant("off"), Variant("on")], ActiveVariant = 1 },
                    FakeProcessors.Plain("p"),
                    new StackNode { Id = "s2", Variants = [Variant("missing", isMissing: true)] },
                    new StackNode { Id = "s3", Variants = [Variant("on")] },
                    new StackNode { Id = "s4", Variants = [] },
                    new StackNode { Id = "s5", Variants = [Variant("off")], ActiveVariant = 1 },
                ],
            },
            new Channel { Id = "out", Name = "Out" });
        var plan = Plan(graph);
        Assert.Equal(["vst3:on", "vst3:missing"], plan.ToPartitionGraph().Units.Single(unit => unit.Id == "channel:a").Plugins);
        Assert.All(plan.ToPartitionGraph().Units.Where(unit => unit.Id != "channel:a"), unit => Assert.Empty(unit.Plugins));
        var subgraph = Assert.Single(SubgraphCutter.Cut(plan, new PartitionPlan([.. plan.Steps.Select(_ => new PartitionOwner(default, 0))]), 64));
        Assert.Equal(["vst3:on", "vst3:missing"], subgraph.Plugins);

        // An insert needs its own, and what is before and after it not.
        var insert = Plan(graph with { Channels = [graph.Channels[0] with { InsertFrames = 64, Nodes = [.. graph.Channels[0].Nodes.Select(node => node with { IsLatencyTolerant = node.Id == "s2" })] }, graph.Channels[1]] });
        Assert.Equal([["vst3:on"], ["vst3:missing"], [], ["vst3:on"], []], insert.Plugins.Select(plugins => plugins.ToArray()));
        Assert.Empty(Plan(RandomGraph.Bus(3)).Plugins);
    }

    [Fact]
    public void A_step_takes_the_memory_of_its_state_and_of_a_checkpoint_of_it()
    {
        static ProcessorNode Remembering(string id, int bytes, int latency = 0) => FakeProcessors.Plain(id, latency) is var node ? node with { Parameters = node.Parameters.Add(new ParameterSetting("state", bytes)) } : null!;
        var plan = Plan(Graph(
            new Channel { Id = "a", Name = "A", OutputChannelId = "out", Nodes = [Remembering("a1", 1_000), Remembering("a2", 30)] },
            new Channel { Id = "b", Name = "B", OutputChannelId = "out", Nodes = [Remembering("b1", 0, latency: 100)] },
            new Channel { Id = "out", Name = "Out" }));
        // Two channels of audio; the sum delays what has no latency, by 100 frames of 8 bytes.
        Assert.Equal([("channel:a", 4_120), ("channel:b", 0), ("sum:out:0:0", 1_600), ("channel:out", 0)], plan.ToPartitionGraph().Units.Select(unit => (unit.Id, unit.MemoryBytes)));
    }

    [Fact]
    public void What_follows_host_only_work_is_host_only()
    {
        var random = new Random(12);
        var seen = 0;
        for (var round = 0; round < 500; round++)
        {
            var graph = RandomGraph.Make(random);
            var plan = Plan(graph);
            var partition = plan.ToPartitionGraph();
            Assert.All(partition.Edges, edge => Assert.True(!IsHostOnly(plan, edge.From) || IsHostOnly(plan, edge.To)));
            for (var step = 0; step < plan.Steps.Length; step++)
            {
                var channel = graph.Channels.FirstOrDefault(channel => plan.Steps[step] is ChannelStep made && made.ChannelId == channel.Id);
                var must = channel is not null && (channel.IsHostOnly || channel.Id == graph.OutputChannelId || channel.Nodes.Any(node => node is ProcessorNode { Processor: "rooted" }));
                var follows = partition.Edges.Any(edge => edge.To == step && IsHostOnly(plan, edge.From));
                Assert.Equal(must || follows, IsHostOnly(plan, step));
                seen += follows ? 1 : 0;
            }
        }

        Assert.True(seen > 100, $"Only {seen} followers were seen.");
    }

    [Fact]
    public void What_a_live_Channel_plays_of_clips_is_not_live()
    {
        var lane = Lane();
        var (early, late) = (FakeProcessors.Plain("early", latency: 5), FakeProcessors.Plain("late"));
        var track = new Channel { Id = "track", Name = "Track", OutputChannelId = "out", Nodes = [lane, early, lane with { Id = "second" }, late] };
        var master = new Channel { Id = "out", Name = "Master" };
        var plan = Plan(Graph(track with { IsLive = true }, master));
        Assert.Equal(["clips:track", "channel:track", "channel:out"], plan.Steps.Select(step => step.Id));
        Assert.Equal([RenderPace.Ahead, RenderPace.Live, RenderPace.Live], plan.Paces);
        Assert.Equal([false, true, true], plan.HostReasons.Select(reason => reason.Length > 0));
        var (clips, rest) = ((ChannelStep)plan.Steps[0], (ChannelStep)plan.Steps[1]);
        Assert.Equal(["lane"], clips.Nodes.Select(node => node.Node.Id));
        Assert.Equal(clips.Output.Id, rest.InputSignalId);
        Assert.Equal([("early", 0), ("second", 5), ("late", 5)], rest.Nodes.Select(node => (node.Node.Id, node.UpstreamLatencyFrames)));
        // Whatever is live, the steps are the same, so that it can change while it plays.
        Assert.Equal(plan.Steps.Select(step => step.Id), Plan(Graph(track, master)).Steps.Select(step => step.Id));
        Assert.Empty(Plan(Graph(track, master)).Paces);
        // Of what hears others too as well, before them, live or not: it must not make a difference.
        var group = track with { Id = "group" };
        var fed = track with { OutputChannelId = "group", Nodes = [FakeProcessors.Plain("p", latency: 3)] };
        string[] steps = ["channel:track", "clips:group", "sum:group:0:0", "channel:group", "channel:out"];
        var ahead = Plan(Graph(fed, group, master));
        Assert.Equal(steps, ahead.Steps.Select(step => step.Id));
        Assert.Equal([new SumInput(ahead.Steps[1].Output.Id, 3), new SumInput(ahead.Steps[0].Output.Id, 0)], ((SumStep)ahead.Steps[2]).Inputs);
        Assert.Equal(steps, Plan(Graph(fed, group with { IsLive = true }, master)).Steps.Select(step => step.Id));
        // In a file nothing is live, ever.
        Assert.Equal(["channel:track", "channel:out"], new GraphPlanner(new FakeProcessors()).PlanOffline(Graph(track, master)).Steps.Select(step => step.Id));
    }

    [Fact]
    public void Steps_and_signals_do_not_depend_on_what_is_live()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var graph = RandomGraph.Make(random);
            graph = graph with { Channels = [.. graph.Channels.Select(channel => random.Next(2) == 0 ? channel : channel with { Nodes = [Lane($"lane of {channel.Id}"), .. channel.Nodes] })] };
            var ahead = Plan(graph);
            var live = Plan(graph with { Channels = [.. graph.Channels.Select(channel => channel with { IsLive = random.Next(3) == 0 })] });
            Assert.Equal(ahead.Steps.Select(Describe), live.Steps.Select(Describe));
            Assert.Equal((ahead.Output, ahead.LatencyFrames), (live.Output, live.LatencyFrames));
        }

        static string Describe(PlanStep step) => $"{step.Id} reads {string.Join(',', PlanSignals.ReadBy(step))} makes {string.Join(',', Makes(step))}";
    }

    [Fact]
    public void What_a_Channel_hears_of_the_device_is_a_signal_that_no_step_makes_and_of_its_take_one_that_is_rendered_ahead()
    {
        var input = new ChannelInput { DeviceChannels = [1] };
        var (source, master) = (new Channel { Id = "source", Name = "Source", OutputChannelId = "voice" }, new Channel { Id = "out", Name = "Master" });
        var voice = new Channel { Id = "voice", Name = "Voice", OutputChannelId = "out", Nodes = [Lane(), FakeProcessors.Plain("p")], Input = input };
        var plan = Plan(Graph(source, voice, master));
        var heard = Assert.Single(plan.Inputs);
        Assert.Equal(("voice", 2), (heard.ChannelId, heard.Signal.AudioChannels));
        Assert.Equal([1], heard.DeviceChannels);
        Assert.Equal(["channel:source", "clips:voice", "sum:voice:0:0", "channel:voice", "channel:out"], plan.Steps.Select(step => step.Id));
        Assert.Equal([RenderPace.Ahead, RenderPace.Ahead, RenderPace.Live, RenderPace.Live, RenderPace.Live], plan.Paces);
        // First what is played or was, then clips, then other Channels.
        Assert.Equal([heard.Signal.Id, plan.Steps[1].Output.Id, plan.Steps[0].Output.Id], ((SumStep)plan.Steps[2]).Inputs.Select(summed => summed.SignalId));
        var take = Plan(Graph(source, voice with { Input = input with { Take = default(MediaId) } }, master));
        Assert.Equal(["channel:source", "take:voice", "clips:voice", "sum:voice:0:0", "channel:voice", "channel:out"], take.Steps.Select(step => step.Id));
        Assert.Equal((0, 0), (take.Inputs.Length, take.Paces.Length));
        Assert.Equal([1, 2, 0], ((SumStep)take.Steps[3]).Inputs.Select(summed => Array.FindIndex([.. take.Steps], step => step.Output.Id == summed.SignalId)));
        Assert.True(Assert.IsType<LaneStreamNode>(((ChannelStep)take.Steps[1]).Nodes[0].Node).IsTake);
        // Without a device and without a take, as if it heard nothing.
        var silent = new GraphPlanner(new FakeProcessors()).PlanOffline(Graph(source, voice, master));
        Assert.Equal((0, 0, 5), (silent.Inputs.Length, silent.Paces.Length, silent.Steps.Length));
        Assert.Empty(Plan(Graph(source, voice with { Input = input with { IsMonitored = false } }, master)).Paces);
    }

    [Fact]
    public void Notes_go_with_the_instruments_and_not_with_the_clips()
    {
        var note = new NoteRegion(0, 10, 60, 0, 0.5);
        var lane = new LaneStreamNode { Id = "lane", Notes = [note] };
        var (track, master) = (new Channel { Id = "track", Name = "Track", OutputChannelId = "out", Nodes = [lane, FakeProcessors.Plain("p", latency: 5), FakeProcessors.Keys("keys")] }, new Channel { Id = "out", Name = "Master" });
        var ahead = Plan(Graph(track, master));
        var played = Assert.IsType<ChannelStep>(ahead.Steps[0]);
        // A lane that has nothing else is none any more.
        Assert.Equal(["p", "keys"], played.Nodes.Select(node => node.Node.Id));
        Assert.Equal([note], played.Notes!.Regions);
        Assert.False(played.Notes.HearsDevice);
        Assert.Empty(ahead.Paces);
        Assert.Null(((ChannelStep)ahead.Steps[1]).Notes);

        var heard = Plan(Graph(track with { Notes = new NoteInput { MidiChannel = 3 } }, master));
        Assert.Equal(["channel:track", "channel:out"], heard.Steps.Select(step => step.Id));
        Assert.Equal([RenderPace.Live, RenderPace.Live], heard.Paces);
        Assert.Equal((true, (int?)3), (((ChannelStep)heard.Steps[0]).Notes!.HearsDevice, ((ChannelStep)heard.Steps[0]).Notes!.MidiChannel));
        Assert.Equal([note], ((ChannelStep)heard.Steps[0]).Notes!.Regions);

        // One that has something else, too, is read apart, and has no notes there.
        var both = Plan(Graph(track with { Nodes = [Lane() with { Notes = [note] }, .. track.Nodes[1..]] }, master));
        Assert.Equal(["clips:track", "channel:track", "channel:out"], both.Steps.Select(step => step.Id));
        Assert.Null(((ChannelStep)both.Steps[0]).Notes);
        Assert.Empty(Assert.IsType<LaneStreamNode>(((ChannelStep)both.Steps[0]).Nodes[0].Node).Notes);
        Assert.Equal([note], ((ChannelStep)both.Steps[1]).Notes!.Regions);

        // A take is no device; without either, it is as if nothing was heard.
        var take = Plan(Graph(track with { Notes = new NoteInput { Take = [new MidiMessage(7, MidiMessage.NoteOn, 1, 2)] } }, master));
        Assert.Empty(take.Paces);
        Assert.Equal((false, 1), (((ChannelStep)take.Steps[0]).Notes!.HearsDevice, ((ChannelStep)take.Steps[0]).Notes!.Take.Length));
        var silent = new GraphPlanner(new FakeProcessors()).PlanOffline(Graph(track with { Notes = new NoteInput() }, master));
        Assert.Equal((0, false), (silent.Paces.Length, ((ChannelStep)silent.Steps[0]).Notes!.HearsDevice));
        Assert.Empty(Plan(Graph(track with { Notes = new NoteInput { IsMonitored = false } }, master)).Paces);
    }

    [Fact]
    public void An_insert_is_late_by_its_budget_whether_it_is_live_or_not()
    {
        static GraphNode Tolerant(GraphNode node) => node with { IsLatencyTolerant = true };
        var track = new Channel
        {
            Id = "track",
            Name = "Track",
            OutputChannelId = "out",
            InsertFrames = 100,
            Nodes =
            [
                FakeProcessors.Plain("a", latency: 1), Tolerant(FakeProcessors.Plain("b", latency: 10)), Tolerant(new StackNode { Id = "s", Variants = [] }), Tolerant(FakeProcessors.Plain("c")),
                FakeProcessors.Plain("d"), Tolerant(FakeProcessors.Plain("e", latency: 5)),
            ],
        };
        var other = new Channel { Id = "other", Name = "Other", OutputChannelId = "out" };
        var master = new Channel { Id = "out", Name = "Master" };
        var plan = Plan(Graph(track with { IsLive = true }, other, master));
        string[] steps = ["channel:track:0", "insert:track:0", "channel:track:1", "insert:track:1", "channel:track", "channel:other", "sum:out:0:0", "channel:out"];
        Assert.Equal(steps, plan.Steps.Select(step => step.Id));
        Assert.Equal(
            [RenderPace.Live, RenderPace.Insert, RenderPace.Live, RenderPace.Insert, RenderPace.Live, RenderPace.Ahead, RenderPace.Live, RenderPace.Live],
            plan.Paces);
        Assert.Equal([true, false, true, false, true, false, true, true], plan.HostReasons.Select(reason => reason.Length > 0));
        Assert.Equal([("a", 0), ("b", 1), ("c", 11), ("d", 111), ("e", 111)], plan.Steps.OfType<ChannelStep>().SelectMany(step => step.Nodes).Select(node => (node.Node.Id, node.UpstreamLatencyFrames)));
        Assert.Equal([(plan.Steps[1].Output.Id, 100), (plan.Steps[3].Output.Id, 100)], plan.Returns.Select(heard => (heard.SourceId, heard.DelayFrames)));
        Assert.Equal((plan.Returns[0].Signal.Id, plan.Returns[1].Signal.Id), (((ChannelStep)plan.Steps[2]).InputSignalId, ((ChannelStep)plan.Steps[4]).InputSignalId));
        Assert.Equal(steps.Select(id => id.StartsWith("insert", StringComparison.Ordinal) ? 100 * TimeSpan.TicksPerSecond / plan.SampleRate : (long?)null), plan.ToPartitionGraph().Units.Select(unit => unit.LongestRoundTrip?.Ticks));
        Assert.Equal((216, 216), (plan.LatencyFrames, ((SumStep)plan.Steps[6]).Inputs[1].DelayFrames));

        var ahead = Plan(Graph(track, other, master));
        Assert.Equal([.. steps[..2], "return:track:0", .. steps[2..4], "return:track:1", .. steps[4..]], ahead.Steps.Select(step => step.Id));
        Assert.Equal([new SumInput(ahead.Steps[1].Output.Id, 100)], ((SumStep)ahead.Steps[2]).Inputs);
        Assert.All(ahead.ToPartitionGraph().Units, unit => Assert.Null(unit.LongestRoundTrip));
        Assert.Equal((216, 0, 0), (ahead.LatencyFrames, ahead.Returns.Length, ahead.Paces.Length));
        // Without a budget, nothing is an insert.
        Assert.Equal(["channel:track", "channel:other", "sum:out:0:0", "channel:out"], Plan(Graph(track with { InsertFrames = 0 }, other, master)).Steps.Select(step => step.Id));
    }

    [Fact]
    public void Inputs_and_inserts_that_cannot_be_are_refused_by_name()
    {
        var master = new Channel { Id = "out", Name = "Master" };
        string Refuse(Channel channel) => Assert.Throws<GraphException>(() => Plan(Graph(channel))).Message;
        Assert.Contains("hears 3 channels", Refuse(master with { Input = new ChannelInput { DeviceChannels = [0, 1, 2] } }), StringComparison.Ordinal);
        Assert.Contains("hears 0 channels", Refuse(master with { Input = new ChannelInput { DeviceChannels = default } }), StringComparison.Ordinal);
        Assert.Contains("channel 64 of", Refuse(master with { Input = new ChannelInput { DeviceChannels = [64] } }), StringComparison.Ordinal);
        Assert.Contains("channel -1 of", Refuse(master with { Input = new ChannelInput { DeviceChannels = [0, -1] } }), StringComparison.Ordinal);
        Assert.Contains("-1 frames", Refuse(master with { InsertFrames = -1 }), StringComparison.Ordinal);
        Assert.Contains("insert 1", Refuse(master with { InsertFrames = 500_000, Nodes = [FakeProcessors.Plain("p") with { IsLatencyTolerant = true }] }), StringComparison.Ordinal);
        Assert.Contains("\"lane\"", Refuse(master with { Nodes = [new LaneStreamNode { Id = "lane", IsLatencyTolerant = true }] }), StringComparison.Ordinal);
        Assert.Contains("MIDI channel 16", Refuse(master with { Notes = new NoteInput { MidiChannel = 16 } }), StringComparison.Ordinal);
        Assert.Contains("at frame 4", Refuse(master with { Notes = new NoteInput { Take = [new MidiMessage(5, 0x90, 1, 1), new MidiMessage(4, 0x90, 1, 1)] } }), StringComparison.Ordinal);
        Assert.Contains("at frame 6", Refuse(master with { Notes = new NoteInput { Take = [new MidiMessage(6, 0xF0, 1, 1)] } }), StringComparison.Ordinal);
        Assert.Contains("\"keys\"", Refuse(master with { Notes = new NoteInput(), InsertFrames = 10, Nodes = [FakeProcessors.Keys("keys") with { IsLatencyTolerant = true }] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_is_named()
    {
        var refused = Assert.Throws<GraphException>(() => Plan(Graph(
            new Channel { Id = "1", Name = "Drums", OutputChannelId = "2" },
            new Channel { Id = "2", Name = "Bus", OutputChannelId = "3" },
            new Channel { Id = "3", Name = "Echo", OutputChannelId = "out", Nodes = [new SendNode { Id = "s", TargetChannelId = "2" }] },
            new Channel { Id = "out", Name = "Out" })));
        Assert.Equal(GraphError.Cycle, refused.Error);
        Assert.Contains("\"Bus\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"Echo\"", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Drums", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Channel[], GraphError> Bad()
    {
        var media = MediaId.FromDigest(new byte[32]);
        return new()
        {
            { "nowhere", [new Channel { Id = "a", Name = "A", OutputChannelId = "nowhere" }], GraphError.BadReference },
            { "nowhere", [new Channel { Id = "a", Name = "A", Nodes = [new SendNode { Id = "s", TargetChannelId = "nowhere" }] }], GraphError.BadReference },
            { "\"out\"", [new Channel { Id = "out", Name = "Other" }], GraphError.BadReference },
            { "Nameless", [new Channel { Id = "", Name = "Nameless" }], GraphError.BadReference },
            { "\"twice\"", [new Channel { Id = "a", Name = "A", Nodes = [FakeProcessors.Plain("twice"), FakeProcessors.Plain("twice")] }], GraphError.BadReference },
            { "no list", [new Channel { Id = "a", Name = "A", Nodes = default }], GraphError.BadReference },
            { "65 audio", [new Channel { Id = "a", Name = "A", AudioChannels = 65 }], GraphError.BadNumber },
            { "volume", [With(FakeProcessors.Plain("p") with { Parameters = [new ParameterSetting("volume", double.NaN)] })], GraphError.BadNumber },
            { "volume", [With(FakeProcessors.Plain("p") with { Parameters = [new ParameterSetting("volume", 1) { Automation = [new(5, 1, true), new(5, 2, true)] }] })], GraphError.BadNumber },
            { "volume", [With(FakeProcessors.Plain("p") with { Parameters = [new ParameterSetting("volume", 1) { Automation = [new(5, double.PositiveInfinity, true)] }] })], GraphError.BadNumber },
            { "vox", [With(new LaneStreamNode { Id = "l", Regions = [new ClipRegion { ClipName = "vox", StartFrame = 0, EndFrame = 9, Media = media, SourceStartFrame = 0, SourceStep = double.NaN }] })], GraphError.BadNumber },
            { "vox", [With(new LaneStreamNode { Id = "l", Regions = [new ClipRegion { ClipName = "vox", StartFrame = 9, EndFrame = 9, Media = media, SourceStartFrame = 0, SourceStep = 1 }] })], GraphError.BadNumber },
            { "from frame 5 to 5", [With(new LaneStreamNode { Id = "l", Notes = [new NoteRegion(5, 5, 60, 0, 1)] })], GraphError.BadNumber },
            { "from frame 5 to 9", [With(new LaneStreamNode { Id = "l", Notes = [new NoteRegion(5, 9, 60, 0, double.NaN)] })], GraphError.BadNumber },
            { "no list of notes", [With(new LaneStreamNode { Id = "l", Notes = default })], GraphError.BadReference },
            { "theremin", [With(new ProcessorNode { Id = "p", Processor = "theremin" })], GraphError.UnknownProcessor },
            { "\"slow\"", [With(FakeProcessors.Plain("slow", latency: 480_001))], GraphError.BadNumber },
            { "\"slower\"", [With(FakeProcessors.Plain("slow", latency: 480_000), FakeProcessors.Plain("slower", latency: int.MaxValue))], GraphError.BadNumber },
            { "\"early\"", [With(FakeProcessors.Plain("early", latency: -1))], GraphError.BadNumber },
        };

        static Channel With(params GraphNode[] nodes) => new() { Id = "a", Name = "A", OutputChannelId = "out", Nodes = [.. nodes] };
    }

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_rendered_is_refused_by_name(string name, Channel[] channels, GraphError error)
    {
        var refused = Assert.Throws<GraphException>(() => Plan(Graph([.. channels, new Channel { Id = "out", Name = "Out" }])));
        Assert.Equal(error, refused.Error);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_of_nothing_is_refused()
    {
        Assert.Equal(GraphError.Empty, Assert.Throws<GraphException>(() => Plan(Graph())).Error);
    }

    private static LaneStreamNode Lane(string id = "lane") => new() { Id = id, Regions = [new ClipRegion { StartFrame = 0, EndFrame = 9, Media = default, SourceStartFrame = 0, SourceStep = 1 }] };

    private static bool IsHostOnly(GlobalPlan plan, int step) => plan.HostReasons[step].Length > 0;

    private static GlobalPlan Plan(AudioGraph graph) => new GraphPlanner(new FakeProcessors()).Plan(graph);

    private static AudioGraph Graph(params Channel[] channels) => new() { SampleRate = 48_000, LengthFrames = 0, OutputChannelId = "out", Channels = [.. channels] };

    private static IEnumerable<int> Makes(PlanStep step) => step is ChannelStep channel
        ? channel.Nodes.Where(node => node.Tap is not null).Select(node => node.Tap!.Value.Id).Append(step.Output.Id)
        : [step.Output.Id];
}
