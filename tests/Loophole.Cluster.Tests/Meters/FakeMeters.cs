using System.Buffers;
using System.Collections.Immutable;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Meters;

/// <summary>Two meters of one Channel, stereo, behind one other Node; every block of <see cref="WindowFrames"/> finishes a window of each, whose readings tell what it is.</summary>
internal sealed class FakeMeters : IRenderer, IMeteredRenderer
{
    public const int WindowFrames = 100;
    public const int SampleRate = 3_000;
    public const int SignalId = 7;

    private readonly long[] _taken = new long[2];
    private long _finished;

    public static SubgraphPlan OfPlan { get; } = new()
    {
        Id = "s",
        SampleRate = SampleRate,
        BlockFrames = WindowFrames,
        Outputs = [new PlanSignal(SignalId, 2)],
        Steps = [new ChannelStep { Id = "channel:c", ChannelId = "c", Output = new PlanSignal(SignalId, 2), Nodes = [new PlanNode(FakeProcessors.Plain("p"), 0), new PlanNode(FakeProcessors.Plain("m1"), 0), new PlanNode(FakeProcessors.Plain("m2"), 50)] }],
    };

    public SubgraphPlan Plan => OfPlan;

    public long Position => _finished * WindowFrames;

    public ImmutableArray<MeterDescriptor> Meters { get; } = [new("m1", 2), new("m2", 2)];

    /// <summary>What a meter reads in a window.</summary>
    public static MeterReading Reading(int meter, long startFrame, int channel) => new(startFrame + 1, meter + (channel * 0.5f));

    public void Finish(int windows) => _finished += windows;

    public bool TryTakeWindow(int meter, Span<MeterReading> readings, out long startFrame)
    {
        startFrame = _taken[meter] * WindowFrames;
        if (_taken[meter] == _finished)
        {
            return false;
        }

        (readings[0], readings[1]) = (Reading(meter, startFrame, 0), Reading(meter, startFrame, 1));
        _taken[meter]++;
        return true;
    }

    public void Apply(RenderEvent change) => throw new NotSupportedException();

    public void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs) => Finish(1);

    public void Save(IBufferWriter<byte> destination) => throw new NotSupportedException();

    public void Restore(long position, ReadOnlySpan<byte> checkpoint) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
