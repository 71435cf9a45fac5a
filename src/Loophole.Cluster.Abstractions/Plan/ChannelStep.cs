using System.Collections.Immutable;

namespace Loophole.Cluster.Plan;

/// <summary>A Channel: its input (or silence) passes its Nodes in order.</summary>
public sealed record ChannelStep : PlanStep
{
    /// <summary>The Channel (<c>Channel.Id</c>).</summary>
    public required string ChannelId { get; init; }

    /// <summary>The signal read, or <see langword="null"/> for silence. Converted to the Channel's width as <see cref="SumStep"/> says.</summary>
    public int? InputSignalId { get; init; }

    /// <summary>The Nodes, in order.</summary>
    public required ImmutableArray<PlanNode> Nodes { get; init; }

    /// <summary>What its instruments play, or <see langword="null"/> for nothing.</summary>
    public StepNotes? Notes { get; init; }
}
