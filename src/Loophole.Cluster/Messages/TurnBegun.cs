using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary>Answers <c>playback.turn</c>.</summary>
/// <param name="Starts">From where what is left of each retired subgraph can go on, in their order.</param>
internal sealed record TurnBegun(ImmutableArray<CheckpointPosition> Starts)
{
    /// <summary>Whether this can be the answer to a command.</summary>
    public bool Answers(TurnCommand command) =>
        !Starts.Contains(null!) && Starts.Select(start => start.SubgraphId).SequenceEqual(command.Retired.Select(plan => plan.Id)) && Starts.All(start => start.Frame >= 0);
}
