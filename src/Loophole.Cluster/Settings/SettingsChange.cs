using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Settings;

/// <summary>What is to be set otherwise about distribution. What is <see langword="null"/> stays as it is.</summary>
public sealed record SettingsChange
{
    /// <summary>The project whose own settings are meant, by its name; <see langword="null"/> for those that go for all.</summary>
    public string? Project { get; init; }

    /// <summary>Whether it is distributed.</summary>
    public bool? IsOn { get; init; }

    /// <summary>How much leaves the host then.</summary>
    public DistributionPolicy? Policy { get; init; }

    /// <summary>A Channel of the project that is to run on <see cref="PinnedTo"/>, by its id, or a name that only one has.</summary>
    public string? Channel { get; init; }

    /// <summary>The name of the node on which <see cref="Channel"/> is to run; <see langword="null"/> lets it run anywhere.</summary>
    public string? PinnedTo { get; init; }

    /// <summary>The name of a node that is to be given nothing.</summary>
    public string? Exclude { get; init; }

    /// <summary>The name of a node that may be given work again.</summary>
    public string? Include { get; init; }

    /// <summary>Changes settings. [any]</summary>
    /// <param name="settings">What is set.</param>
    /// <returns>What is to be set.</returns>
    public ClusterSettings ApplyTo(ClusterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var excluded = Exclude is null ? settings.Excluded : settings.Excluded.Add(Exclude);
        settings = settings with { Excluded = Include is null ? excluded : excluded.Remove(Include) };
        return Project is null
            ? settings with { IsOn = IsOn ?? settings.IsOn, Policy = Policy ?? settings.Policy }
            : settings.With(Project, ApplyTo(settings.Of(Project)));
    }

    /// <summary>What cannot be meant, in words, or <see langword="null"/>. [any]</summary>
    /// <returns>The fault.</returns>
    public string? FindFault() =>
        Policy is { } policy && (policy == DistributionPolicy.Off || !Enum.IsDefined(policy)) ? "a policy is PreferLocal, Balanced or AggressiveOffload; off is what isOn says"
        : Channel is not null && Project is null ? "a Channel is one of a project, which has to be named"
        : new[] { Project, Channel, PinnedTo, Exclude, Include }.Any(name => name is { Length: 0 or > 256 }) ? "a name has 1 to 256 characters"
        : null;

    private ProjectSettings ApplyTo(ProjectSettings own) => own with
    {
        IsOn = IsOn ?? own.IsOn,
        Policy = Policy ?? own.Policy,
        Pins = Channel is null ? own.Pins : PinnedTo is null ? own.Pins.Remove(Channel) : own.Pins.SetItem(Channel, PinnedTo),
    };
}
