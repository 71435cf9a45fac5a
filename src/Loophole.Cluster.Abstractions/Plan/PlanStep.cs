using System.Text.Json.Serialization;

namespace Loophole.Cluster.Plan;

/// <summary>One step of a plan: reads signals, makes signals.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SumStep), "sum")]
[JsonDerivedType(typeof(ChannelStep), "channel")]
public abstract record PlanStep
{
    /// <summary>Opaque, unique in the global plan.</summary>
    public required string Id { get; init; }

    /// <summary>The main signal made.</summary>
    public required PlanSignal Output { get; init; }
}
