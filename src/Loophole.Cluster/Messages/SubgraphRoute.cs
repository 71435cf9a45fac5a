using System.Collections.Immutable;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Messages;

/// <summary>Where a subgraph runs and how its signals travel.</summary>
/// <param name="SubgraphId">The subgraph.</param>
/// <param name="Node">The Signal (<c>NodeId</c>).</param>
/// <param name="Epoch">Grows with each assignment of this subgraph.</param>
/// <param name="StartFrame">Render frame it starts at: 0, or its checkpoint's.</param>
/// <param name="Inputs">As the plan's inputs, in order.</param>
/// <param name="Outputs">As the plan's outputs, in order.</param>
internal sealed record SubgraphRoute(
    string SubgraphId,
    Guid Node,
    int Epoch,
    long StartFrame,
    ImmutableArray<StreamRoute> Inputs,
    ImmutableArray<StreamRoute> Outputs)
{
    /// <summary>Whether it carries the signals of a plan.</summary>
    public bool Fits(SubgraphPlan plan) =>
        plan.Id == SubgraphId
        && Inputs.Select(stream => (stream.SignalId, stream.AudioChannels)).SequenceEqual(plan.Inputs.Select(signal => (signal.Id, signal.AudioChannels)))
        && Outputs.Select(stream => (stream.SignalId, stream.AudioChannels)).SequenceEqual(plan.Outputs.Select(signal => (signal.Id, signal.AudioChannels)));
}
