using System.Buffers;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Timeline;

namespace Loophole.Engine.Rendering;

/// <summary>A Node that a processor runs. Owns the processor.</summary>
/// <param name="identity">Which part of a checkpoint is its own.</param>
/// <param name="node">What it is.</param>
/// <param name="processor">Runs it.</param>
/// <param name="timeline">The transport.</param>
/// <param name="notes">What it plays, when it is an instrument.</param>
internal sealed class ProcessorRunner(UInt128 identity, RenderNode node, IProcessor processor, TransportTimeline timeline, NoteLane? notes)
    : NodeRunner(node, timeline, notes), ICheckpointed, IDisposable
{
    /// <inheritdoc/>
    public string Name => $"Node '{Id}'";

    /// <inheritdoc/>
    public UInt128 Identity => identity;

    /// <summary>The node's meter, when it is one.</summary>
    public IMeterSource? Meter => processor as IMeterSource;

    /// <inheritdoc/>
    public void Clear() => processor.Reset();

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> destination) => processor.Save(destination);

    /// <inheritdoc/>
    public void Restore(ReadOnlySpan<byte> state) => processor.Restore(state);

    /// <inheritdoc/>
    public void Dispose() => processor.Dispose();

    /// <inheritdoc/>
    protected override void Process(in ProcessorBlock block, int offset) => processor.Process(block);

    /// <inheritdoc/>
    protected override void ResetState() => processor.Reset();
}
