using System.Collections.Immutable;

namespace Loophole.Cluster.Graph;

/// <summary>The value of one parameter, and its automation.</summary>
/// <param name="Name">The processor's name for it.</param>
/// <param name="Value">Finite; in force where there is no automation.</param>
public sealed record ParameterSetting(string Name, double Value)
{
    /// <summary>Automation in project time, by strictly growing frame; empty for none. Before the first point its value holds, after the last likewise.</summary>
    public ImmutableArray<AutomationPoint> Automation { get; init; } = [];
}
