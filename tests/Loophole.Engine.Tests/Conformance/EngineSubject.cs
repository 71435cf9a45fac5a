using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Tests.Rendering;

namespace Loophole.Engine.Tests.Conformance;

/// <summary>The engine with its own processors, over a plan with every kind of step, automation, sends, and delays.</summary>
internal sealed class EngineSubject(int seed, Func<IRenderer, IRenderer>? breakIt = null) : RendererSubject
{
    private static readonly PlanSignal Input = new(0, 2);
    private static readonly PlanSignal Strip = new(1, 2);
    private static readonly PlanSignal Tap = new(2, 2);
    private static readonly PlanSignal Return = new(3, 2);
    private static readonly PlanSignal Master = new(4, 2);

    public override IRendererFactory Factory { get; } = new BreakingFactory(new EngineRendererFactory(new BuiltInProcessors()), breakIt ?? (static renderer => renderer));

    public override SubgraphPlan Plan { get; } = PlanBuilder.Plan(
        [Input],
        [Master, Tap],
        PlanBuilder.Channel(
            Strip,
            Input.Id,
            PlanBuilder.Node("comp", "compressor"),
            PlanBuilder.Node("look", "latency", 0, new ParameterSetting("frames", 100)),
            new PlanNode(new SendNode { Id = "send", TargetChannelId = "return" }, 100, Tap),
            PlanBuilder.Node("fader", "fader", 100, PlanBuilder.Automated("volume", new AutomationPoint(0, 0, true), new AutomationPoint(3001, 1, true), new AutomationPoint(5003, 0.25, false)))),
        PlanBuilder.Channel(Return, Tap.Id, PlanBuilder.Node("echo", "delay", 100, new ParameterSetting("time", 0.013))),
        PlanBuilder.Sum(Master, new SumInput(Strip.Id, 0), new SumInput(Return.Id, 7), new SumInput(Input.Id, 100)));

    public override int Seed => seed;

    public override ImmutableArray<RenderEvent> Events { get; } =
    [
        new TransportEvent { Frame = 1, Sequence = 0, ProjectFrame = 500, IsPlaying = true },
        new ParameterEvent { Frame = 777, Sequence = 0, NodeId = "send", Parameter = "level", Value = 0.3, RampFrames = 501 },
        new ParameterEvent { Frame = 2049, Sequence = 0, NodeId = "fader", Parameter = "volume", Value = 1.5, RampFrames = 100 },
        new ParameterEvent { Frame = 2500, Sequence = 0, NodeId = "fader", Parameter = "volume", Value = null },
        new TransportEvent { Frame = 3333, Sequence = 0, ProjectFrame = 1000, IsPlaying = true },
        new TransportEvent { Frame = 5001, Sequence = 0, ProjectFrame = 0, IsPlaying = false, ResetsState = true },
        new TransportEvent { Frame = 5555, Sequence = 0, ProjectFrame = 2000, IsPlaying = true, ResetsState = true },
    ];
}
