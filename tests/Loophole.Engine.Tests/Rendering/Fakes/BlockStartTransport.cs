using System.Buffers;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Engine.Tests.Rendering.Fakes;

/// <summary>Mutant: a renderer that moves every locate to the start of the block in which it falls.</summary>
internal sealed class BlockStartTransport(IRendererFactory inner) : IRendererFactory
{
    public IRenderer Create(SubgraphPlan plan, IMediaStore media) => new Renderer(inner.Create(plan, media));

    private sealed class Renderer(IRenderer inner) : IRenderer
    {
        private readonly Queue<RenderEvent> _events = [];

        public SubgraphPlan Plan => inner.Plan;

        public long Position => inner.Position;

        public void Apply(RenderEvent change) => _events.Enqueue(change);

        public void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
        {
            Flush(frameCount);
            inner.Render(frameCount, inputs, outputs);
        }

        public void Save(IBufferWriter<byte> destination) => inner.Save(destination);

        public void Restore(long position, ReadOnlySpan<byte> checkpoint)
        {
            while (_events.TryPeek(out var next) && next.Frame < position)
            {
                inner.Apply(_events.Dequeue());
            }

            inner.Restore(position, checkpoint);
        }

        public void Dispose() => inner.Dispose();

        private void Flush(int frameCount)
        {
            // Several events may now fall on one frame; their sequence still orders them.
            while (_events.TryPeek(out var next) && next.Frame < Position + frameCount)
            {
                inner.Apply(_events.Dequeue() with { Frame = Position });
            }
        }
    }
}
