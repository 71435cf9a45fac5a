using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Settings;

/// <summary>The one object in a settings file. What is left out is as it is by default.</summary>
internal sealed record SettingsDocument(
    int Version,
    bool IsOn = false,
    DistributionPolicy Policy = DistributionPolicy.Balanced,
    ImmutableSortedSet<string>? Excluded = null,
    ImmutableSortedDictionary<string, ProjectDocument>? Projects = null)
{
    public const int CurrentVersion = 1;

    public static SettingsDocument Of(ClusterSettings settings) => new(
        CurrentVersion,
        settings.IsOn,
        settings.Policy,
        settings.Excluded,
        settings.Projects.ToImmutableSortedDictionary(project => project.Key, project => new ProjectDocument(project.Value.IsOn, project.Value.Policy, project.Value.Pins)));

    public ClusterSettings ToSettings() => new()
    {
        IsOn = IsOn,
        Policy = Policy,
        Excluded = Excluded ?? [],
        Projects = Projects?.ToImmutableSortedDictionary(project => project.Key, project => project.Value.ToSettings()) ?? ClusterSettings.Default.Projects,
    };
}

/// <summary>What is set for a project in a <see cref="SettingsDocument"/>.</summary>
internal sealed record ProjectDocument(bool? IsOn = null, DistributionPolicy? Policy = null, ImmutableSortedDictionary<string, string>? Pins = null)
{
    public ProjectSettings ToSettings() => new() { IsOn = IsOn, Policy = Policy, Pins = Pins ?? ProjectSettings.Default.Pins };
}

/// <summary>How settings look: generated at build time, strict, so that a slip of the hand is told and not guessed at.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(SettingsDocument))]
internal sealed partial class SettingsJson : JsonSerializerContext;
