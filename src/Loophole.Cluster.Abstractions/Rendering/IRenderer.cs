using System.Buffers;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Rendering;

/// <summary>Executes one <see cref="SubgraphPlan"/>: a pure function of (plan, checkpoint, events, input blocks, render frame). One caller at a time.</summary>
/// <remarks>Order of calls: <see cref="Apply"/> for the events known, at most one <see cref="Restore"/>, then <see cref="Render"/> with further
/// <see cref="Apply"/> calls between blocks.</remarks>
public interface IRenderer : IDisposable
{
    /// <summary>What is executed. [any]</summary>
    SubgraphPlan Plan { get; }

    /// <summary>The render frame of the next block; 0 after creation. [render thread]</summary>
    long Position { get; }

    /// <summary>Adds an event. Events come in their order (frame, sequence). [render thread]</summary>
    /// <param name="change">Once rendering has started: at <see cref="Position"/> or later. Events for nodes of other subgraphs are ignored.</param>
    /// <exception cref="ArgumentException">The event is out of order or before <see cref="Position"/>.</exception>
    void Apply(RenderEvent change);

    /// <summary>Renders the next frames. Allocates nothing in steady state, does not lock, does not throw for any audio content. [render thread]</summary>
    /// <param name="frameCount">1 to the plan's block size; any sequence of sizes gives the same samples.</param>
    /// <param name="inputs">One per <see cref="SubgraphPlan.Inputs"/>, in order: interleaved samples, <paramref name="frameCount"/> × channels; the caller's.</param>
    /// <param name="outputs">One per <see cref="SubgraphPlan.Outputs"/>, in order: filled, interleaved; the caller's.</param>
    /// <exception cref="ArgumentException">A count or length does not fit the plan.</exception>
    /// <exception cref="MediaException">A clip's media could no longer be read.</exception>
    void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs);

    /// <summary>Writes the whole DSP state at <see cref="Position"/>. Events are not part of it. [render thread]</summary>
    /// <param name="destination">Receives any number of bytes.</param>
    void Save(IBufferWriter<byte> destination);

    /// <summary>Goes on from a checkpoint, written on any machine, however the steps were cut into plans there. [render thread]</summary>
    /// <param name="position">The render frame at which it was saved.</param>
    /// <param name="checkpoint">Exactly the bytes that <see cref="Save"/> wrote; those of several renderers at this frame, one after the other, are one checkpoint too. Everything that
    /// this plan remembers is in it, in steps and nodes of the same ids that are the same; what it holds beside that is left alone.</param>
    /// <exception cref="RenderException"><see cref="RenderError.BadCheckpoint"/>: it is none, or lacks something.</exception>
    void Restore(long position, ReadOnlySpan<byte> checkpoint);
}
