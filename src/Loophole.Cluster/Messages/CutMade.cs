using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary>Answers <c>playback.cut</c>.</summary>
/// <param name="Frame">From here on nothing is there any more; nothing before it has changed.</param>
/// <param name="Subgraphs">From where each can go on.</param>
internal sealed record CutMade(long Frame, ImmutableArray<CheckpointPosition> Subgraphs)
{
    /// <summary>Whether this can be the answer to a command.</summary>
    public bool Answers(CutCommand command) =>
        Frame >= command.NotBefore
        && !Subgraphs.Contains(null!)
        && Subgraphs.Select(position => position.SubgraphId).SequenceEqual(command.SubgraphIds)
        && Subgraphs.All(position => position.Frame >= 0 && position.Frame <= Frame);
}
