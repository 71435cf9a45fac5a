using System.Collections.Immutable;
using Loophole.Cluster.Plan;

namespace Loophole.Engine.Rendering;

/// <summary>A subgraph plan, checked and compiled: every signal has its place in memory, every parameter its line. Immutable.</summary>
/// <param name="Source">What was compiled.</param>
/// <param name="Memory">The shape of the memory that holds the signals.</param>
/// <param name="Inputs">Where each of the plan's inputs goes.</param>
/// <param name="Outputs">Where each of the plan's outputs lies after the last step.</param>
/// <param name="Steps">The steps, in the plan's order.</param>
internal sealed record RenderPlan(
    SubgraphPlan Source,
    SignalMemoryShape Memory,
    ImmutableArray<SignalSlot> Inputs,
    ImmutableArray<SignalSlot> Outputs,
    ImmutableArray<RenderStep> Steps);
