using System.Buffers;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

public sealed class RendererCallTests
{
    private static readonly PlanSignal In = new(0, 1);
    private static readonly PlanSignal Out = new(1, 1);
    private static readonly SubgraphPlan Plan = PlanBuilder.Plan(
        [In],
        [Out],
        PlanBuilder.Channel(
            Out,
            In.Id,
            PlanBuilder.Node("leaky", "leaky"),
            PlanBuilder.Node("delay", "fixedDelay"),
            PlanBuilder.Node("meter", "meter"),
            new PlanNode(new StackNode { Id = "stack", Variants = [] }, 0)));

    private readonly IRenderer _renderer = PlanBuilder.Create(Plan);

    [Fact]
    public void Events_come_in_order()
    {
        _renderer.Apply(Transport(5, 1));
        _renderer.Apply(Transport(5, 2));
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Transport(5, 2)));
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Transport(4, 3)));
        _renderer.Apply(Transport(6, -1));
    }

    [Fact]
    public void Events_come_before_their_frame_is_rendered()
    {
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Transport(-1, 0)));
        PlanBuilder.Render(_renderer, 10, new float[10]);
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Transport(9, 0)));
        _renderer.Apply(Transport(10, 0));
    }

    [Fact]
    public void A_refused_event_leaves_no_trace()
    {
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Change("leaky", "width", 1) with { Frame = 8 }));
        _renderer.Apply(Transport(7, 0));
    }

    [Fact]
    public void Bad_events_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Change("leaky", "leak", double.NaN)));
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Change("leaky", "leak", double.NegativeInfinity)));
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Change("leaky", "leak", 1) with { RampFrames = -1 }));
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Change("leaky", "leak", 1) with { RampFrames = long.MaxValue }));
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Change("leaky", "leak", 1) with { Frame = long.MaxValue }));
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Change("delay", "frames", 1)));
        Assert.Throws<ArgumentException>(() => _renderer.Apply(Transport(0, 0) with { ProjectFrame = long.MaxValue }));
        Assert.Throws<ArgumentNullException>(() => _renderer.Apply(null!));
    }

    [Fact]
    public void Events_for_what_is_not_rendered_here_are_ignored()
    {
        _renderer.Apply(Change("elsewhere", "anything", 1));
        _renderer.Apply(Change("stack", "a plugin's", 1) with { Sequence = 1 });
    }

    [Fact]
    public void Blocks_must_fit_the_plan()
    {
        Assert.ThrowsAny<ArgumentException>(() => PlanBuilder.Render(_renderer, 0, []));
        Assert.ThrowsAny<ArgumentException>(() => PlanBuilder.Render(_renderer, 65, new float[65]));
        Assert.ThrowsAny<ArgumentException>(() => PlanBuilder.Render(_renderer, 4, new float[5]));
        Assert.ThrowsAny<ArgumentException>(() => PlanBuilder.Render(_renderer, 4));
        Assert.ThrowsAny<ArgumentException>(() => _renderer.Render(4, [new float[4]], [new float[3]]));
        Assert.Equal(0, _renderer.Position);
    }

    [Fact]
    public void Meters_are_listed_and_their_windows_taken_once()
    {
        var metered = Assert.IsType<IMeteredRenderer>(_renderer, exactMatch: false);
        Assert.Equal([new MeterDescriptor("meter", 1)], metered.Meters);
        var readings = new MeterReading[1];
        Assert.False(metered.TryTakeWindow(0, readings, out _));
        PlanBuilder.Render(_renderer, 20, Enumerable.Repeat(0.5f, 20).ToArray());
        PlanBuilder.Render(_renderer, 10, new float[10]);
        Assert.True(metered.TryTakeWindow(0, readings, out var first));
        Assert.True(readings[0].Peak > 0);
        Assert.True(metered.TryTakeWindow(0, readings, out var second));
        Assert.Equal((0L, 20L), (first, second));
        Assert.False(metered.TryTakeWindow(0, readings, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => metered.TryTakeWindow(1, readings, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => metered.TryTakeWindow(-1, readings, out _));
    }

    [Fact]
    public void A_disposed_renderer_has_disposed_its_processors_once_and_refuses_work()
    {
        var processors = new TestProcessorFactory();
        var renderer = PlanBuilder.Create(Plan, processors);
        renderer.Dispose();
        renderer.Dispose();
        Assert.All(processors.Made, made => Assert.True(((TestProcessor)made).IsDisposed));
        Assert.Throws<ObjectDisposedException>(() => PlanBuilder.Render(renderer, 1, [0]));
        Assert.Throws<ObjectDisposedException>(() => renderer.Save(new ArrayBufferWriter<byte>()));
        Assert.Throws<ObjectDisposedException>(() => renderer.Apply(Transport(0, 0)));
    }

    [Fact]
    public void A_block_that_failed_half_way_needs_a_checkpoint()
    {
        using var renderer = PlanBuilder.Create(
            PlanBuilder.Plan([In], [Out], PlanBuilder.Channel(Out, In.Id, PlanBuilder.Node("leaky", "leaky"), PlanBuilder.Node("clip", "failing"))));
        var checkpoint = new ArrayBufferWriter<byte>();
        renderer.Save(checkpoint);
        Assert.Throws<MediaException>(() => PlanBuilder.Render(renderer, 1, [-1]));
        Assert.Throws<InvalidOperationException>(() => PlanBuilder.Render(renderer, 1, [1]));
        Assert.Throws<InvalidOperationException>(() => renderer.Save(checkpoint));
        renderer.Restore(0, checkpoint.WrittenSpan);
        Assert.Equal([0.5f], PlanBuilder.Render(renderer, 1, [1])[0]);
    }

    private static TransportEvent Transport(long frame, long sequence) => new() { Frame = frame, Sequence = sequence, ProjectFrame = 0, IsPlaying = true };

    private static ParameterEvent Change(string node, string parameter, double value) =>
        new() { Frame = 0, Sequence = 0, NodeId = node, Parameter = parameter, Value = value };
}
