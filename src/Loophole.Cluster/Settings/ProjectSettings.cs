using System.Collections.Immutable;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Settings;

/// <summary>What the user has set about the distribution of one project.</summary>
public sealed record ProjectSettings
{
    /// <summary>Nothing.</summary>
    public static ProjectSettings Default { get; } = new();

    /// <summary>Whether it is distributed; <see langword="null"/> for as all others are.</summary>
    public bool? IsOn { get; init; }

    /// <summary>How much of it leaves the host; <see langword="null"/> for as much as of all others.</summary>
    public DistributionPolicy? Policy { get; init; }

    /// <summary>Names of nodes by the Channels that are to run there, which are named by their id, or a name that only one has.</summary>
    public ImmutableSortedDictionary<string, string> Pins { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    internal bool IsDefault => IsOn is null && Policy is null && Pins.IsEmpty;
}
