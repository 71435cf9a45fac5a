using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Settings;

/// <summary>What the user has set about distribution. Off unless somebody switches it on.</summary>
public sealed record ClusterSettings
{
    /// <summary>As long as nobody has set anything.</summary>
    public static ClusterSettings Default { get; } = new();

    /// <summary>Whether projects are distributed to the nodes that are found, unless a project says otherwise.</summary>
    public bool IsOn { get; init; }

    /// <summary>How much leaves the host then. Not <see cref="DistributionPolicy.Off"/>.</summary>
    public DistributionPolicy Policy { get; init; } = DistributionPolicy.Balanced;

    /// <summary>Names of the nodes that are given nothing.</summary>
    public ImmutableSortedSet<string> Excluded { get; init; } = [];

    /// <summary>Why a node is given nothing, in words; <see langword="null"/> when the user has nothing against it.</summary>
    /// <param name="node">Its name.</param>
    public string? FindObjection(string node) => new PlacementWishes { Excluded = [.. Excluded] }.FindObjection(node);

    /// <summary>What is set for single projects, by their name (the file's, without its extension).</summary>
    public ImmutableSortedDictionary<string, ProjectSettings> Projects { get; init; } = ImmutableSortedDictionary<string, ProjectSettings>.Empty;

    /// <summary>What goes for a project. [any]</summary>
    /// <param name="project">Its name, or <see langword="null"/> for one that has none.</param>
    /// <returns>What is set for it alone; nothing but defaults where nothing is.</returns>
    public ProjectSettings Of(string? project) => project is not null && Projects.TryGetValue(project, out var settings) ? settings : ProjectSettings.Default;

    /// <summary>How much of a project leaves the host. [any]</summary>
    /// <param name="project">Its name, or <see langword="null"/> for one that has none.</param>
    /// <returns>The policy; off where distribution is.</returns>
    public DistributionPolicy PolicyOf(string? project) => Of(project) is var own && (own.IsOn ?? IsOn) ? own.Policy ?? Policy : DistributionPolicy.Off;

    /// <summary>Where the user wants the Channels of a project. [any]</summary>
    /// <param name="project">Its name, or <see langword="null"/> for one that has none.</param>
    /// <param name="graph">What is in it.</param>
    /// <param name="unknown">What is set for Channels that it does not have, in words.</param>
    /// <returns>The wishes.</returns>
    public PlacementWishes WishesFor(string? project, AudioGraph graph, out ImmutableArray<string> unknown)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var found = Of(project).Pins.Select(pin => (pin.Key, pin.Value, Channels: ChannelNames.Find(graph, pin.Key))).ToArray();
        unknown = [.. found.Where(pin => pin.Channels.Length != 1).Select(pin => $"\"{pin.Key}\" is pinned to {pin.Value}, but {(pin.Channels.IsEmpty ? "there is no such Channel" : $"{pin.Channels.Length} Channels are called that")}")];
        return new PlacementWishes
        {
            Pins = found.Where(pin => pin.Channels.Length == 1).DistinctBy(pin => pin.Channels[0]).ToImmutableDictionary(pin => graph.Channels[pin.Channels[0]].Id, pin => pin.Value),
            Excluded = [.. Excluded],
        };
    }

    /// <summary>The same with something else set for a project. [any]</summary>
    /// <param name="project">Its name.</param>
    /// <param name="settings">What to set; what is nothing but defaults is left out.</param>
    /// <returns>The new settings.</returns>
    public ClusterSettings With(string project, ProjectSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(project);
        ArgumentNullException.ThrowIfNull(settings);
        return this with { Projects = settings.IsDefault ? Projects.Remove(project) : Projects.SetItem(project, settings) };
    }
}
