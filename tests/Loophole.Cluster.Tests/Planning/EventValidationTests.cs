using Loophole.Cluster.Graph;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Planning;

public sealed class EventValidationTests
{
    private static readonly AudioGraph Graph = new()
    {
        SampleRate = 48_000,
        LengthFrames = 0,
        OutputChannelId = "out",
        Channels =
        [
            new Channel
            {
                Id = "out",
                Name = "out",
                Nodes =
                [
                    new ProcessorNode { Id = "fader", Processor = "fader" },
                    new StackNode { Id = "plugin", Variants = [new PluginVariant { Format = "clap", PluginId = "p", Name = "p", IsMissing = true }] },
                ],
            },
        ],
    };

    [Fact]
    public void Events_that_fit_pass() => EventValidation.Check(
        [Transport(0, 0), Change(0, 1), Change(5, 0) with { Value = null }, Change(9, 2) with { NodeId = "plugin", Parameter = "anything" }],
        Graph,
        new Faders());

    public static TheoryData<string, string> Misfits => new()
    {
        { "node", "\"nowhere\"" },
        { "parameter", "\"pitch\"" },
        { "fixed", "\"size\"" },
        { "value", "NaN" },
        { "ramp", "negative ramp" },
        { "early", "out of order" },
        { "twice", "out of order" },
        { "backwards", "out of order" },
    };

    [Theory, MemberData(nameof(Misfits))]
    public void An_event_that_does_not_fit_is_named(string misfit, string named)
    {
        RenderEvent[] events = misfit switch
        {
            "node" => [Change(7, 3) with { NodeId = "nowhere" }],
            "parameter" => [Change(7, 3) with { Parameter = "pitch" }],
            "fixed" => [Change(7, 3) with { Parameter = "size" }],
            "value" => [Change(7, 3) with { Value = double.NaN }],
            "ramp" => [Change(7, 3) with { RampFrames = -1 }],
            "early" => [Transport(-1, 0)],
            "twice" => [Transport(7, 3), Change(7, 3)],
            _ => [Transport(8, 0), Change(7, 3)],
        };
        var failure = Assert.Throws<GraphException>(() => EventValidation.Check(events, Graph, new Faders()));
        Assert.Equal(GraphError.BadReference, failure.Error);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"frame {events[^1].Frame}, sequence {events[^1].Sequence}", failure.Message, StringComparison.Ordinal);
    }

    private static TransportEvent Transport(long frame, long sequence) => new() { Frame = frame, Sequence = sequence, ProjectFrame = 0, IsPlaying = true };

    private static ParameterEvent Change(long frame, long sequence) => new() { Frame = frame, Sequence = sequence, NodeId = "fader", Parameter = "volume", Value = 0.5 };

    private sealed class Faders : IProcessorFactory
    {
        public ProcessorDescriptor? Describe(GraphNode node) => new(
            "fader",
            [new ParameterDescriptor("volume", 0, 1, 1), new ParameterDescriptor("size", 0, 1, 1, IsFixed: true)],
            ProcessorTraits.Distributable);

        public int LatencyFrames(GraphNode node, int sampleRate) => 0;

        public double Cost(GraphNode node, int audioChannels) => 1;

        public IProcessor Create(GraphNode node, ProcessorContext context) => throw new NotSupportedException();
    }
}
