using System.Collections.Immutable;
using Loophole.Cluster.Plan;

namespace Loophole.Engine.Rendering;

/// <summary>A compiled Channel.</summary>
/// <param name="Output">Where its Nodes work; may be the slot of the input, which is then processed in place.</param>
/// <param name="Input">What it reads, or <see langword="null"/> for silence.</param>
/// <param name="Nodes">Its Nodes that do something, in order.</param>
/// <param name="Notes">What its instruments play, or <see langword="null"/> for nothing.</param>
internal sealed record ChannelRenderStep(SignalSlot Output, SignalSlot? Input, ImmutableArray<RenderNode> Nodes, StepNotes? Notes) : RenderStep(Output);
