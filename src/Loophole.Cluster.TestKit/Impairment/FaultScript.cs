using System.Collections.Immutable;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>Faults as data: what befalls one link, and when. Immutable; may run on many links.</summary>
/// <remarks>Steps at one moment happen in the order given.</remarks>
public sealed record FaultScript
{
    /// <summary>Makes a script.</summary>
    /// <param name="steps">The steps, in any order of their moments.</param>
    public FaultScript(params ReadOnlySpan<FaultStep> steps)
    {
        Steps = [.. steps];
        foreach (var step in Steps)
        {
            ArgumentNullException.ThrowIfNull(step, nameof(steps));
        }
    }

    /// <summary>The steps. [any]</summary>
    public ImmutableArray<FaultStep> Steps { get; }
}
