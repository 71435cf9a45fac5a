using System.Collections.Immutable;

namespace Loophole.Cluster.Plan;

/// <summary>What one renderer executes: a piece of the global graph with its delay compensation written in. Immutable.</summary>
/// <remarks>Signals have one number each in the whole graph.</remarks>
public sealed record SubgraphPlan
{
    /// <summary>Opaque, unique in the session, the same after a fail-over.</summary>
    public required string Id { get; init; }

    /// <summary>Frames per second.</summary>
    public required int SampleRate { get; init; }

    /// <summary>The largest block that will be rendered, in frames, 1 to 8192; blocks of the grid start at its multiples.</summary>
    public required int BlockFrames { get; init; }

    /// <summary>Signals that come from other subgraphs.</summary>
    public ImmutableArray<PlanSignal> Inputs { get; init; } = [];

    /// <summary>Signals that other subgraphs, or the sink, need; one or more.</summary>
    public required ImmutableArray<PlanSignal> Outputs { get; init; }

    /// <summary>The steps, each after everything it reads.</summary>
    public required ImmutableArray<PlanStep> Steps { get; init; }
}
