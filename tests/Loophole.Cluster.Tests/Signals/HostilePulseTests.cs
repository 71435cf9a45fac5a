using Loophole.Cluster.Gestures;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.State;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Signals;

public sealed class HostilePulseTests
{
    private static readonly SessionFormat Format = new(48_000, 64, 1000, 256, 128);
    private static readonly Guid Node = Guid.NewGuid();
    private static readonly string Secret = new('5', 64);
    private static readonly SubgraphPlan Plan = new()
    {
        Id = "s",
        SampleRate = 48_000,
        BlockFrames = 64,
        Outputs = [new PlanSignal(0, 1)],
        Steps = [new ChannelStep { Id = "channel:c", ChannelId = "c", Nodes = [], Output = new PlanSignal(0, 1) }],
    };

    private static readonly SubgraphRoute Route = new("s", Node, 1, 0, [], [new StreamRoute(0, 1, 0)]);
    private static readonly StartCommand Start = new(Format, [Route], 0, 1, 0, "x");

    public static TheoryData<string, object> BadStarts() => new()
    {
        { "unknown node", Start with { Routes = [Route with { Node = Guid.NewGuid() }] } },
        { "no routes", Start with { Routes = [] } },
        { "output unknown", Start with { OutputSignalId = 7 } },
        { "output width", Start with { OutputAudioChannels = 2 } },
        { "subgraph twice", Start with { Routes = [Route, Route] } },
        { "stream twice", Start with { Routes = [Route, Route with { SubgraphId = "t", Outputs = [new StreamRoute(1, 1, 0)] }] } },
        { "signal twice", Start with { Routes = [Route, Route with { SubgraphId = "t", Outputs = [new StreamRoute(0, 1, 1)] }] } },
        { "input unmade", Start with { Routes = [Route with { Inputs = [new StreamRoute(5, 1, 9)] }] } },
        { "input width", Start with { Routes = [Route with { Inputs = [new StreamRoute(0, 2, 9)] }] } },
        { "width 0", Start with { Routes = [Route with { Outputs = [new StreamRoute(0, 0, 0)] }], OutputAudioChannels = 0 } },
        { "stream id", Start with { Routes = [Route with { Outputs = [new StreamRoute(0, 1, -1)] }] } },
        { "epoch", Start with { Routes = [Route with { Epoch = -1 }] } },
        { "start frame", Start with { Routes = [Route with { StartFrame = 64 }] } },
        { "nothing made", Start with { Routes = [Route, Route with { SubgraphId = "t", Outputs = [] }] } },
        { "skip", Start with { SkipFrames = 1001 } },
        { "block 0", Start with { Format = Format with { BlockFrames = 0 } } },
        { "lead", Start with { Format = Format with { LeadFrames = 65 } } },
        { "end", Start with { Format = Format with { EndFrame = long.MaxValue } } },
    };

    [Theory]
    [MemberData(nameof(BadStarts), DisableDiscoveryEnumeration = true)]
    public async Task A_start_that_contradicts_itself_opens_nothing_and_a_good_one_still_works(string what, object bad)
    {
        await using var studio = await Studio.StartAsync(0);
        await using var pulse = await ReadyAsync(studio);
        var refused = await pulse.RefusedAsync("rendering", "start", (StartCommand)bad);
        Assert.True(refused.Code == "badStart", $"{what}: {refused.Code} {refused.Message}");
        Assert.Equal(0, studio.Sinks.Open);
        await pulse.AskAsync("rendering", "start", Start);
        Assert.Equal("badStart", (await pulse.RefusedAsync("rendering", "start", Start)).Code);
    }

    public static TheoryData<string, object> BadDeployments()
    {
        var good = new DeployCommand(Format, Plan, Route with { SubgraphId = "t", Outputs = [new StreamRoute(0, 1, 5)] }, false);
        var plan = Plan with { Id = "t" };
        return new()
        {
            { "another id", good },
            { "another rate", good with { Plan = plan with { SampleRate = 44_100 } } },
            { "another block", good with { Plan = plan with { BlockFrames = 128 } } },
            { "another width", good with { Plan = plan, Route = good.Route with { Outputs = [new StreamRoute(0, 2, 5)] } } },
            { "no output", good with { Plan = plan with { Outputs = [] }, Route = good.Route with { Outputs = [] } } },
            { "negative stream", good with { Plan = plan, Route = good.Route with { Epoch = -1 } } },
            { "stream in use", good with { Plan = plan, Route = good.Route with { Outputs = [new StreamRoute(0, 1, 0)] } } },
            { "odd start", good with { Plan = plan, Route = good.Route with { StartFrame = 1 } } },
            { "start after the end", good with { Plan = plan, Route = good.Route with { StartFrame = 64 * 1000 } } },
        };
    }

    [Theory]
    [MemberData(nameof(BadDeployments), DisableDiscoveryEnumeration = true)]
    public async Task A_deployment_that_cannot_be_is_refused_and_leaves_no_renderer(string what, object bad)
    {
        await using var studio = await Studio.StartAsync(0);
        await using var pulse = await ReadyAsync(studio);
        var refused = await pulse.RefusedAsync("cluster", "deploy", (DeployCommand)bad);
        Assert.True(refused.Code == "badDeployment", $"{what}: {refused.Code} {refused.Message}");
        Assert.Equal(1, studio.Nodes[0].Renderers.Live);
        Assert.Equal("stale", (await pulse.RefusedAsync("cluster", "deploy", new DeployCommand(Format, Plan, Route, false))).Code);
    }

    [Fact]
    public async Task Withdrawing_in_the_middle_and_deploying_again_works_on_the_same_link()
    {
        await using var studio = await Studio.StartAsync(0);
        await using var pulse = await ReadyAsync(studio, endFrame: 1L << 40);
        for (var epoch = 2; epoch < 50; epoch++)
        {
            await pulse.AskAsync("cluster", "withdraw", new WithdrawCommand());
            Assert.Equal(0, studio.Nodes[0].Renderers.Live);
            await pulse.AskAsync("cluster", "events", new EventsCommand([], 1L << 40));
            await pulse.AskAsync("cluster", "deploy", new DeployCommand(Format with { EndFrame = 1L << 40 }, Plan, Route with { Epoch = epoch }, false));
            Assert.Equal(1, studio.Nodes[0].Renderers.Live);
        }
    }

    [Fact]
    public async Task Withdrawing_what_is_being_sent_does_not_cost_the_link()
    {
        for (var round = 0; round < 20; round++)
        {
            await using var studio = await Studio.StartAsync(0);
            await using var pulse = await ReadyAsync(studio, endFrame: 1L << 40);
            var rendering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            studio.Sinks.OnFrames = frames => _ = frames > 1000 && rendering.TrySetResult();
            await pulse.AskAsync("rendering", "start", Start with { Format = Format with { EndFrame = 1L << 40 } });
            await Wait.For(rendering.Task);
            await pulse.AskAsync("cluster", "withdraw", new WithdrawCommand());
            // Still connected: refused for its contents, not because the host has left.
            var deployed = await pulse.RefusedAsync("cluster", "deploy", new DeployCommand(Format, Plan, Route with { StartFrame = 1 }, false));
            Assert.Equal("badDeployment", deployed.Code);
            await pulse.AskAsync("cluster", "deploy", new DeployCommand(Format with { EndFrame = 1L << 40 }, Plan, Route with { Epoch = 2, Outputs = [new StreamRoute(0, 1, 1)] }, false));
        }
    }

    [Fact]
    public async Task A_token_opens_one_connection_once()
    {
        await using var studio = await Studio.StartAsync(1);
        await using var pulse = await RawPulse.ConnectAsync(studio, 1);
        Assert.Equal("noHost", (await pulse.RefusedAsync("cluster", "deploy", new DeployCommand(Format, Plan, Route, false))).Code);
        Assert.Equal("token", (await Assert.ThrowsAsync<ControlException>(() => RawPulse.ConnectAsync(studio, 1, HelloCommand.HostRole))).Code);
        await pulse.AskAsync("cluster", "expectHost", Expect(Secret));
        Assert.Equal("token", (await Assert.ThrowsAsync<ControlException>(() => RawPulse.ConnectAsync(studio, 1, HelloCommand.HostRole, new string('0', 64)))).Code);
        await using var host = await RawPulse.ConnectAsync(studio, 1, HelloCommand.HostRole, Secret);
        Assert.Equal("token", (await Assert.ThrowsAsync<ControlException>(() => RawPulse.ConnectAsync(studio, 1, HelloCommand.HostRole, Secret))).Code);
        Assert.Equal("helloAgain", (await host.RefusedAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.PulseRole, null))).Code);
        Assert.Equal("beat", (await host.RefusedAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.PulseRole, null, 0))).Code);
        Assert.Equal("beat", (await host.RefusedAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.PulseRole, null, int.MaxValue))).Code);
        Assert.Equal("noHello", (await host.RefusedAsync("cluster", "withdraw", new WithdrawCommand())).Code);
        Assert.Equal("notHost", (await pulse.RefusedAsync("rendering", "start", Start)).Code);
        Assert.Equal("unknownName", (await pulse.RefusedAsync("cluster", "dance", Empty.Instance)).Code);
    }

    [Fact]
    public async Task Commands_for_what_is_not_there_are_refused()
    {
        await using var studio = await Studio.StartAsync(0);
        await using var pulse = await ReadyAsync(studio);
        Assert.Equal("badMove", (await pulse.RefusedAsync("rendering", "move", new MoveCommand([Route]))).Code);
        Assert.Equal("connected", (await pulse.RefusedAsync("rendering", "connectNode", new ConnectNodeCommand(Node, "again", [], Secret, null))).Code);
        Assert.Equal("unreachable", (await pulse.RefusedAsync("rendering", "connectNode", new ConnectNodeCommand(Guid.NewGuid(), "nowhere", [new Uri("memory://nowhere")], Secret, null))).Code);
        Assert.Equal("unreachable", (await pulse.RefusedAsync("rendering", "connectNode", new ConnectNodeCommand(Guid.NewGuid(), "relative", [new Uri("relative", UriKind.Relative)], Secret, null))).Code);
        Assert.Equal("badEvents", (await pulse.RefusedAsync("cluster", "events", new EventsCommand([null!], 0))).Code);
        await pulse.AskAsync("rendering", "dropNode", new DropNodeCommand(Guid.NewGuid(), "never there"));
        await pulse.AskAsync("rendering", "start", Start);
        Assert.Equal("badMove", (await pulse.RefusedAsync("rendering", "move", new MoveCommand([Route with { SubgraphId = "other" }]))).Code);
        Assert.Equal("badMove", (await pulse.RefusedAsync("rendering", "move", new MoveCommand([Route with { Epoch = 2 }]))).Code);
    }

    [Fact]
    public async Task Changes_of_what_is_not_played_or_not_there_are_refused_and_leave_it_as_it_is()
    {
        await using var studio = await Studio.StartAsync(0);
        await using var pulse = await ReadyAsync(studio);
        Assert.Equal("notPlaying", (await pulse.RefusedAsync("playback", "cut", new CutCommand(["s"], 0, 64))).Code);
        await pulse.AskAsync("playback", "start", new PlayCommand(Start with { OutputPath = "" }, 64, null, [], [], [], "fake", 64));
        var move = new MoveCommand([Route with { Epoch = 2, Outputs = [new StreamRoute(0, 1, 1)] }]);
        Assert.Equal("badMove", (await pulse.RefusedAsync("rendering", "move", move)).Code);
        Assert.Equal("badCut", (await pulse.RefusedAsync("playback", "cut", new CutCommand(["other"], 0, 64))).Code);
        Assert.Equal("badCut", (await pulse.RefusedAsync("playback", "cut", new CutCommand([null!], 0, 64))).Code);
        Assert.Equal("badCut", (await pulse.RefusedAsync("playback", "cut", new CutCommand(["s"], -1, 64))).Code);
        Assert.Equal("badCut", (await pulse.RefusedAsync("playback", "cut", new CutCommand(["s"], 0, int.MaxValue))).Code);
        Assert.Equal("badEvents", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(-1, [], 0, [], OpenGestures.None))).Code);
        Assert.Equal("badEvents", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(0, [null!], 0, [], OpenGestures.None))).Code);
        Assert.Equal("badEvents", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(0, [], 0, [null!], OpenGestures.None))).Code);
        Assert.Equal("badEvents", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(0, [], 0, [Route with { Epoch = 2 }, Route with { Epoch = 3 }], OpenGestures.None))).Code);
        Assert.Equal("badEvents", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(0, [], 0, [], new OpenGestures([new GestureStream(1, "a", "p", IsRelative: false), new GestureStream(1, "b", "p", IsRelative: false)], [], 0, 0)))).Code);
        Assert.Equal("badEvents", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(0, [], 0, [], new OpenGestures([], [null!], 0, 0)))).Code);
        Assert.Equal("stale", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(0, [], 0, [Route], OpenGestures.None))).Code);
        Assert.Equal("stale", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(0, [], 0, [Route with { SubgraphId = "other", Epoch = 2 }], OpenGestures.None))).Code);
        Assert.Equal("badDeployment", (await pulse.RefusedAsync("cluster", "revise", new ReviseCommand(0, [], 0, [Route with { Epoch = 2, StartFrame = 1 }], OpenGestures.None))).Code);
        Assert.Equal(1, studio.Nodes[0].Renderers.Live);
        // None of that was in the way of what is in order.
        var cut = await pulse.AskAsync<CutMade, CutCommand>("playback", "cut", new CutCommand(["s"], 0, 64));
        Assert.Equal("badMove", (await pulse.RefusedAsync("rendering", "move", new MoveCommand([Route with { Epoch = 2 }]))).Code);
        Assert.Equal("badMove", (await pulse.RefusedAsync("rendering", "move", new MoveCommand([null!]))).Code);
        await pulse.AskAsync("cluster", "revise", new ReviseCommand(cut.Frame, [], 1_000, [move.Routes[0] with { StartFrame = cut.Subgraphs[0].Frame }], OpenGestures.None));
        await pulse.AskAsync("rendering", "move", new MoveCommand([move.Routes[0] with { StartFrame = cut.Subgraphs[0].Frame }]));
        await Wait.Until(() => studio.Devices.Started.IsCompleted, "the device");
    }

    [Fact]
    public async Task Turns_that_contradict_themselves_are_refused_and_leave_everything_as_it_is()
    {
        await using var studio = await Studio.StartAsync(0);
        await using var pulse = await ReadyAsync(studio);
        Assert.Equal("notPlaying", (await pulse.RefusedAsync("playback", "turn", new TurnCommand(false, [], null))).Code);
        await pulse.AskAsync("playback", "start", new PlayCommand(Start with { OutputPath = "" }, 64, null, [], [], [], "fake", 64));
        Assert.Equal("badTurn", (await pulse.RefusedAsync("playback", "turn", new TurnCommand(true, [], null))).Code);
        Assert.Equal("badTurn", (await pulse.RefusedAsync("playback", "turn", new TurnCommand(false, [null!], null))).Code);
        Assert.Equal("badTurn", (await pulse.RefusedAsync("playback", "turn", new TurnCommand(false, [Plan, Plan], null))).Code);
        Assert.Equal("badTurn", (await pulse.RefusedAsync("playback", "turn", new TurnCommand(false, [Plan with { Id = "other" }], null))).Code);
        Assert.Equal("badTurn", (await pulse.RefusedAsync("playback", "turn", new TurnCommand(false, [Plan with { Outputs = [new PlanSignal(0, 3)] }], null))).Code);
        Assert.Equal("badTurn", (await pulse.RefusedAsync("playback", "turn", new TurnCommand(false, [Plan with { SampleRate = 44_100 }], null))).Code);
        Assert.Equal("badTurn", (await pulse.RefusedAsync("playback", "turn", new TurnCommand(false, [], Plan with { Inputs = [new PlanSignal(77, 2)] }))).Code);
        var route = Route with { SubgraphId = "new", Epoch = 2, Outputs = [new StreamRoute(0, 1, 1)] };
        Assert.Equal("badPlace", (await pulse.RefusedAsync("rendering", "place", new PlaceCommand([null!]))).Code);
        Assert.Equal("badPlace", (await pulse.RefusedAsync("rendering", "place", new PlaceCommand([new PlacedRoute(route, "s")]))).Code);
        await pulse.AskAsync("cluster", "retire", new RetireCommand(["other"]));
        Assert.Equal(1, studio.Nodes[0].Renderers.Live);
        await Wait.Until(() => studio.Devices.Started.IsCompleted, "the device");
    }

    [Fact]
    public async Task What_cannot_be_live_is_refused_and_nothing_is_left_of_it()
    {
        await using var studio = await Studio.StartAsync(1);
        await using (var satellite = await RawPulse.ConnectAsync(studio, 1))
        {
            Assert.Equal("notHost", (await satellite.RefusedAsync("cluster", "deployLive", new DeployLiveCommand(Format, Plan, 0, 64))).Code);
        }

        await using var pulse = await ReadyAsync(studio);
        var playing = new PlayCommand(Start with { OutputPath = "" }, 64, "live", [], [], [], "fake", 64);
        Assert.Contains("live is not ready", (await pulse.RefusedAsync("playback", "start", playing)).Message, StringComparison.Ordinal);
        Assert.Equal("badDeployment", (await pulse.RefusedAsync("cluster", "deployLive", new DeployLiveCommand(Format, Plan with { SampleRate = 1 }, 0, 64))).Code);
        Assert.Equal("badDeployment", (await pulse.RefusedAsync("cluster", "deployLive", new DeployLiveCommand(Format, Plan with { Outputs = [] }, 0, 64))).Code);
        Assert.Equal("badDeployment", (await pulse.RefusedAsync("cluster", "deployLive", new DeployLiveCommand(Format, Plan, 0, -1))).Code);
        studio.Nodes[0].Renderers.Refuses = _ => true;
        Assert.Equal("cannotRender", (await pulse.RefusedAsync("cluster", "deployLive", new DeployLiveCommand(Format, Plan, 0, 64))).Code);
        studio.Nodes[0].Renderers.Refuses = _ => false;
        var live = Plan with { Id = "live", Inputs = Plan.Outputs, Outputs = [new PlanSignal(7, 3)], Steps = [new ChannelStep { Id = "c", ChannelId = "c", Nodes = [], Output = new PlanSignal(7, 3) }] };
        studio.Nodes[0].Renderers.FailsAtFrame = 0;
        Assert.Contains("failing at frame 0", (await pulse.RefusedAsync("cluster", "deployLive", new DeployLiveCommand(Format, live, 7, 64))).Message, StringComparison.Ordinal);
        studio.Nodes[0].Renderers.FailsAtFrame = long.MaxValue;
        await pulse.AskAsync("cluster", "deployLive", new DeployLiveCommand(Format, live, 7, 64));
        Assert.Contains("another signal", (await pulse.RefusedAsync("playback", "start", playing)).Message, StringComparison.Ordinal);
        Assert.Contains("another width", (await pulse.RefusedAsync("playback", "start", playing with { Start = playing.Start with { OutputSignalId = 7 } })).Message, StringComparison.Ordinal);
        await pulse.AskAsync("cluster", "deployLive", new DeployLiveCommand(Format, live with { Inputs = [new PlanSignal(9, 1)] }, 7, 64));
        var heard = playing with { Start = playing.Start with { OutputSignalId = 7, OutputAudioChannels = 3 } };
        Assert.Contains("is not made", (await pulse.RefusedAsync("playback", "start", heard)).Message, StringComparison.Ordinal);
        Assert.Equal("badDeployment", (await pulse.RefusedAsync("cluster", "deployLive", new DeployLiveCommand(Format, live, 8, 64))).Code);
        // Inputs and returns that cannot be meant.
        var input = new InputRoute(9, 1, [0], "");
        InputRoute[][] inputs = [[null!], [input with { SignalId = -2 }], [input with { AudioChannels = 0 }], [input with { DeviceChannels = [] }], [input with { DeviceChannels = [64] }], [input, input]];
        foreach (var bad in inputs)
        {
            Assert.Contains("An input is none", (await pulse.RefusedAsync("playback", "start", heard with { Inputs = [.. bad] })).Message, StringComparison.Ordinal);
        }

        Assert.Contains("lead of 0 frames", (await pulse.RefusedAsync("playback", "start", heard with { LeadFrames = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("lead of 257 frames", (await pulse.RefusedAsync("playback", "start", heard with { LeadFrames = 257 })).Message, StringComparison.Ordinal);
        Assert.Contains("257 inputs", (await pulse.RefusedAsync("playback", "start", heard with { Inputs = [.. Enumerable.Repeat(input with { SignalId = -1 }, 257)] })).Message, StringComparison.Ordinal);
        Assert.Contains("is not made", (await pulse.RefusedAsync("playback", "start", heard with { Inputs = [input with { AudioChannels = 2 }] })).Message, StringComparison.Ordinal);
        var later = new PlanReturn(new PlanSignal(9, 1), 0, 64);
        PlanReturn[] returns = [later with { DelayFrames = 0 }, later with { DelayFrames = int.MaxValue }, later with { SourceId = 5 }, later with { Signal = new PlanSignal(9, 2) }];
        foreach (var bad in returns)
        {
            Assert.Contains("is not made", (await pulse.RefusedAsync("playback", "start", heard with { Returns = [bad] })).Message, StringComparison.Ordinal);
        }

        // None of that was in the way of what is in order.
        await pulse.AskAsync("playback", "start", heard with { Inputs = [input] });
    }

    [Fact]
    public async Task Bytes_that_are_no_envelope_end_one_connection_only()
    {
        await using var studio = await Studio.StartAsync(0);
        var random = new Random(44);
        for (var round = 0; round < 50; round++)
        {
            await using var connection = await studio.Network.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token);
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            connection.Closed.Register(closed.SetResult);
            var bytes = new byte[200];
            random.NextBytes(bytes);
            bytes[3] = bytes[0] = 0xFF;
            await connection.Control.Output.WriteAsync(bytes, Wait.Token);
            await Wait.For(closed.Task);
        }

        await using var pulse = await RawPulse.ConnectAsync(studio, 0);
    }

    [Fact]
    public async Task A_host_that_begins_what_is_not_there_or_twice_is_cut_off_alone()
    {
        await using var studio = await Studio.StartAsync(1);
        await using var pulse = await RawPulse.ConnectAsync(studio, 1);
        await pulse.AskAsync("cluster", "expectHost", Expect(Secret));
        await using var host = await RawPulse.ConnectAsync(studio, 1, HelloCommand.HostRole, Secret);
        await using var link = await host.Connection.OpenAudioLinkAsync(Wait.Token);
        var state = new StateChannel(await host.Connection.OpenChannelAsync(ChannelPurpose.State, Wait.Token));
        Assert.True((await Wait.For(state.ReceiveAsync(Wait.Token).AsTask())) is { IsReady: true });
        await pulse.AskAsync("cluster", "deploy", new DeployCommand(Format, Plan, Route, false));
        await state.SendAsync(new StateMessage("unknown", 1, 0, default), Wait.Token);
        await state.SendAsync(new StateMessage("s", 9, 0, default), Wait.Token);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        link.Closed.Register(closed.SetResult);
        Assert.False(closed.Task.IsCompleted);
        await state.SendAsync(new StateMessage("s", 1, 640, new byte[] { 1, 2, 3 }), Wait.Token);
        await Wait.For(closed.Task);
        await pulse.AskAsync("cluster", "telemetry", Empty.Instance);
        await Wait.Until(() => studio.Nodes[1].Renderers.Live == 0, "the end of the renderer");
    }

    private static ExpectHostCommand Expect(string token) => new(token, null, 10_000);

    /// <summary>A Pulse with a host that is connected to its own node and has one subgraph deployed.</summary>
    private static async Task<RawPulse> ReadyAsync(Studio studio, long endFrame = 1000)
    {
        var pulse = await RawPulse.ConnectAsync(studio, 0);
        await pulse.AskAsync("cluster", "expectHost", Expect(Secret));
        await pulse.AskAsync("rendering", "connectNode", new ConnectNodeCommand(Node, "own", [], Secret, null));
        await pulse.AskAsync("cluster", "events", new EventsCommand([], endFrame));
        var deployment = new DeployCommand(Format with { EndFrame = endFrame }, Plan, Route, false);
        await pulse.AskAsync("cluster", "deploy", deployment);
        return pulse;
    }
}
