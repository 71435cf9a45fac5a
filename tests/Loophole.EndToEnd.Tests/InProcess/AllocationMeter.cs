using System.Buffers;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine;

namespace Loophole.EndToEnd.Tests.InProcess;

/// <summary>The real renderers, counting what their threads allocate once each thread has warmed up.</summary>
internal sealed class AllocationMeter : IRendererFactory
{
    /// <summary>Blocks after which nothing is made for the first time any more: buffers of checkpoints, bells, compiled code.</summary>
    private const int WarmUpBlocks = 1_000;

    private readonly EngineRendererFactory _real = new(new BuiltInProcessors());
    private readonly ThreadLocal<Counter> _counters = new(() => new Counter(), trackAllValues: true);

    /// <summary>Blocks that were measured.</summary>
    public long Blocks => _counters.Values.Sum(counter => counter.Measured);

    public long SteadyBytes => _counters.Values.Sum(counter => counter.SteadyBytes);

    public IRenderer Create(SubgraphPlan plan, IMediaStore media) => new Metered(_real.Create(plan, media), this);

    private sealed class Counter
    {
        private long _before;
        private TimeSpan _pausesBefore;
        private long _blocks;

        public long Measured { get; private set; }

        public long SteadyBytes { get; private set; }

        public void Count()
        {
            var (now, pauses) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalPauseDuration());

            // A collection that begins in between may count what is left of the thread's room as allocated.
            if (++_blocks > WarmUpBlocks && pauses == _pausesBefore)
            {
                Measured++;
                SteadyBytes += now - _before;
            }

            (_before, _pausesBefore) = (now, pauses);
        }
    }

    private sealed class Metered(IRenderer real, AllocationMeter meter) : IRenderer
    {
        public SubgraphPlan Plan => real.Plan;

        public long Position => real.Position;

        public void Apply(RenderEvent change) => real.Apply(change);

        public void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
        {
            real.Render(frameCount, inputs, outputs);
            meter._counters.Value!.Count();
        }

        public void Save(IBufferWriter<byte> destination) => real.Save(destination);

        public void Restore(long position, ReadOnlySpan<byte> checkpoint) => real.Restore(position, checkpoint);

        public void Dispose() => real.Dispose();
    }
}
