using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Engine.Tests.Rendering;

public sealed class AllocationTests
{
    [Fact]
    public void Rendering_allocates_nothing_in_steady_state()
    {
        PlanSignal input = new(0, 2), strip = new(1, 2), tap = new(2, 2), mono = new(3, 1), output = new(4, 2);
        var plan = PlanBuilder.Plan(
            [input],
            [output, mono],
            PlanBuilder.Channel(
                strip,
                input.Id,
                PlanBuilder.Node("gain", "rampGain", 0, PlanBuilder.Automated("gain", [.. Enumerable.Range(0, 50).Select(i => new AutomationPoint(i * 700, i % 2, true))])),
                new PlanNode(new SendNode { Id = "send", TargetChannelId = "any" }, 30, tap)),
            PlanBuilder.Sum(mono, new SumInput(strip.Id, 100), new SumInput(tap.Id, 3)),
            PlanBuilder.Sum(output, new SumInput(mono.Id, 0), new SumInput(tap.Id, 0)));
        using var renderer = PlanBuilder.Create(plan);
        for (var i = 0; i < 100; i++)
        {
            renderer.Apply(new TransportEvent { Frame = i * 300, Sequence = 0, ProjectFrame = 0, IsPlaying = i % 3 > 0, ResetsState = i % 5 == 0 });
            renderer.Apply(new ParameterEvent { Frame = (i * 300) + 10, Sequence = 0, NodeId = "send", Parameter = "level", Value = i % 4, RampFrames = 50 });
        }

        ReadOnlyMemory<float>[] inputs = [new float[128]];
        Memory<float>[] outputs = [new float[128], new float[64]];
        long allocated = 0;
        for (var block = 0; block < 600; block++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            renderer.Render(64, inputs, outputs);
            allocated += block < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Meters_and_whoever_takes_their_windows_allocate_nothing()
    {
        PlanSignal input = new(0, 2), output = new(1, 2);
        using var renderer = PlanBuilder.Create(
            PlanBuilder.Plan([input], [output], PlanBuilder.Channel(output, input.Id, PlanBuilder.Node("first", "meter"), PlanBuilder.Node("second", "meter"))),
            new BuiltInProcessors());
        var metered = Assert.IsType<IMeteredRenderer>(renderer, exactMatch: false);
        ReadOnlyMemory<float>[] inputs = [new float[128]];
        Memory<float>[] outputs = [new float[128]];
        var readings = new MeterReading[2];
        var (allocated, taken) = (0L, 0);
        for (var block = 0; block < 600; block++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            renderer.Render(64, inputs, outputs);
            for (var meter = 0; meter < 2; meter++)
            {
                while (metered.TryTakeWindow(meter, readings, out _))
                {
                    taken++;
                }
            }

            allocated += block < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal((0L, 2 * (600 * 64 / 1_600)), (allocated, taken));
    }
}
