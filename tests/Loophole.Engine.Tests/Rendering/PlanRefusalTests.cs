using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

public sealed class PlanRefusalTests
{
    private static readonly PlanSignal In = new(0, 2);
    private static readonly PlanSignal A = new(1, 2);
    private static readonly PlanSignal B = new(2, 2);
    private static readonly SubgraphPlan Good = PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0));

    public static TheoryData<string, SubgraphPlan> BadPlans() => new()
    {
        { "sample rate", Good with { SampleRate = 0 } },
        { "sample rate", Good with { SampleRate = int.MaxValue } },
        { "block size", Good with { BlockFrames = 0 } },
        { "block size", Good with { BlockFrames = 8_193 } },
        { "no output", Good with { Outputs = [] } },
        { "no output", Good with { Outputs = default } },
        { "no list of inputs", Good with { Inputs = default } },
        { "no list of steps", Good with { Steps = default } },
        { "A step has no id", Good with { Steps = [null!] } },
        { "A step has no id", Good with { Steps = [new SumStep { Id = null!, Output = A, Inputs = [new SumInput(0, 0)] }] } },
        { "no list of nodes", Good with { Steps = [new ChannelStep { Id = "c", ChannelId = "c", Output = A, Nodes = default }] } },
        { "'channel:1'", Good with { Steps = [PlanBuilder.Channel(A, 0), PlanBuilder.Channel(A, 0)] } },
        { "signal 7", Good with { Outputs = [new PlanSignal(7, 2)] } },
        { "Signal 1 stands twice", Good with { Outputs = [A, A] } },
        { "signal 1", Good with { Outputs = [A with { AudioChannels = 1 }] } },
        { "'channel:1' reads signal 9", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 9)) },
        { "'channel:1' reads signal 2", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 2), PlanBuilder.Channel(B, 0)) },
        { "'channel:1' reads signal 1", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 1)) },
        { "signal 0, which is made already", PlanBuilder.Plan([In], [In], PlanBuilder.Channel(In, 0)) },
        { "0 audio channels", PlanBuilder.Plan([], [A], PlanBuilder.Channel(A with { AudioChannels = 0 }, null)) },
        { "65 audio channels", PlanBuilder.Plan([], [A], PlanBuilder.Channel(A with { AudioChannels = 65 }, null)) },
        { "signal -1", PlanBuilder.Plan([new PlanSignal(-1, 2)], [A], PlanBuilder.Channel(A, null)) },
        { "'sum:1' has no input", PlanBuilder.Plan([In], [A], PlanBuilder.Sum(A)) },
        { "by -1 frames", PlanBuilder.Plan([In], [A], PlanBuilder.Sum(A, new SumInput(0, -1))) },
        { "by 480001 frames", PlanBuilder.Plan([In], [A], PlanBuilder.Sum(A, new SumInput(0, 480_001))) },
        { "-1 frames of latency", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, PlanBuilder.Node("n", "clock", -1))) },
        { "Two nodes are called 'n'", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, PlanBuilder.Node("n", "clock"), PlanBuilder.Node("n", "clock"))) },
        { "A node of step 'channel:1'", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, [null!])) },
        { "'n': a send has a tap", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, Send("n", null))) },
        { "'n': a send has a tap", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, PlanBuilder.Node("n", "clock") with { Tap = B })) },
        { "send 'n' is not as wide", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, Send("n", B with { AudioChannels = 1 }))) },
        { "bytes", PlanBuilder.Plan([], [A], [.. Enumerable.Range(0, 10).Select(i => PlanBuilder.Sum(new PlanSignal(i + 10, 64), new SumInput(5, 480_000))).Prepend<PlanStep>(PlanBuilder.Channel(new PlanSignal(5, 64), null)), PlanBuilder.Channel(A, null)]) },
        { "bytes", PlanBuilder.Plan([.. Enumerable.Range(10, 600).Select(id => new PlanSignal(id, 64))], [A], PlanBuilder.Channel(A, null), Reader()) with { BlockFrames = 8_192 } },
    };

    public static TheoryData<string, ParameterSetting[]> BadParameters() => new()
    {
        { "says nothing", [null!] },
        { "no parameter 'width'", [new ParameterSetting("width", 1)] },
        { "'leak' twice", [new ParameterSetting("leak", 0), new ParameterSetting("leak", 0)] },
        { "finite", [new ParameterSetting("leak", double.NaN)] },
        { "finite", [new ParameterSetting("leak", double.PositiveInfinity)] },
        { "finite", [PlanBuilder.Automated("leak", new AutomationPoint(0, double.NaN, true))] },
        { "project frame 5", [PlanBuilder.Automated("leak", new AutomationPoint(5, 0, true), new AutomationPoint(5, 1, true))] },
        { "beyond any length", [PlanBuilder.Automated("leak", new AutomationPoint(long.MaxValue, 0, true))] },
        { "beyond any length", [PlanBuilder.Automated("leak", new AutomationPoint(long.MinValue, 0, true))] },
        { "no list of automation", [new ParameterSetting("leak", 0) { Automation = default }] },
    };

    [Theory]
    [MemberData(nameof(BadPlans), DisableDiscoveryEnumeration = true)]
    public void A_plan_that_contradicts_itself_is_refused_by_name(string named, SubgraphPlan plan) => Refuses(RenderError.BadPlan, named, plan);

    [Theory]
    [MemberData(nameof(BadParameters), DisableDiscoveryEnumeration = true)]
    public void A_bad_parameter_is_refused_by_name(string named, ParameterSetting[] parameters) =>
        Refuses(RenderError.BadParameter, named, PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, PlanBuilder.Node("n", "leaky", 0, parameters))));

    [Fact]
    public void A_fixed_parameter_cannot_be_automated() => Refuses(
        RenderError.BadParameter,
        "'frames' of node 'n' is fixed",
        PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, PlanBuilder.Node("n", "fixedDelay", 0, PlanBuilder.Automated("frames", new AutomationPoint(0, 1, false))))));

    [Fact]
    public void A_processor_that_is_not_here_is_named()
    {
        Refuses(RenderError.UnknownProcessor, "'n' (vocoder)", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, PlanBuilder.Node("n", "vocoder"))));
        Refuses(RenderError.UnknownProcessor, "'lane'", PlanBuilder.Plan([In], [A], PlanBuilder.Channel(A, 0, new PlanNode(new LaneStreamNode { Id = "lane" }, 0))));
    }

    [Fact]
    public void What_was_made_is_disposed_when_something_cannot_be()
    {
        var processors = new TestProcessorFactory();
        var plan = PlanBuilder.Plan(
            [In], [A], PlanBuilder.Channel(A, 0, PlanBuilder.Node("a", "clock"), PlanBuilder.Node("b", "onePole"), PlanBuilder.Node("c", TestProcessorFactory.BrokenKind)));
        Assert.Throws<RenderException>(() => PlanBuilder.Create(plan, processors));
        Assert.Equal([true, true], processors.Made.Cast<TestProcessor>().Select(made => made.IsDisposed));
    }

    private static PlanNode Send(string id, PlanSignal? tap) => new(new SendNode { Id = id, TargetChannelId = "any" }, 0, tap);

    private static SumStep Reader() =>
        PlanBuilder.Sum(B, [.. Enumerable.Range(10, 600).Select(id => new SumInput(id, 0))]);

    private static void Refuses(RenderError error, string named, SubgraphPlan plan)
    {
        var refusal = Assert.Throws<RenderException>(() => PlanBuilder.Create(plan));
        Assert.Equal(error, refusal.Error);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }
}
