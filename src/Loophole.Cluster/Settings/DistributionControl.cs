using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Settings;

/// <summary>What goes for the distribution of one session: what is set, and what was taken back for as long as the session lasts. Safe for concurrent use.</summary>
public sealed class DistributionControl
{
    private readonly string _folder;
    private readonly AudioGraph? _graph;
    private readonly Lock _gate = new();
    private ClusterSettings _settings;
    private ImmutableSortedSet<string> _takenBack = [];
    private bool _isAllTakenBack;

    /// <summary>Reads what is set.</summary>
    /// <param name="folder">Where the settings are (<see cref="ClusterSettingsFile"/>).</param>
    /// <param name="project">The project's name, or <see langword="null"/> for none.</param>
    /// <param name="graph">What is in it, or <see langword="null"/>.</param>
    /// <exception cref="IOException">Others may use folder or file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file has no settings.</exception>
    public DistributionControl(string folder, string? project, AudioGraph? graph)
    {
        (_folder, Project, _graph) = (folder, project, graph);
        _settings = ClusterSettingsFile.Read(folder);
    }

    /// <summary>The project's name, or <see langword="null"/>. [any]</summary>
    public string? Project { get; }

    /// <summary>What is set. [any]</summary>
    public ClusterSettings Settings
    {
        get
        {
            lock (_gate)
            {
                return _settings;
            }
        }
    }

    /// <summary>Names of the nodes from which work was taken back; empty also when it was from all. [any]</summary>
    public ImmutableSortedSet<string> TakenBack
    {
        get
        {
            lock (_gate)
            {
                return _takenBack;
            }
        }
    }

    /// <summary>How much of the project leaves the host now. [any]</summary>
    public DistributionPolicy Policy
    {
        get
        {
            lock (_gate)
            {
                return _isAllTakenBack ? DistributionPolicy.Off : _settings.PolicyOf(Project);
            }
        }
    }

    /// <summary>Where the user wants what now. [any]</summary>
    public PlacementWishes Wishes
    {
        get
        {
            lock (_gate)
            {
                var wishes = _graph is null ? new PlacementWishes { Excluded = [.. _settings.Excluded] } : _settings.WishesFor(Project, _graph, out _);
                return wishes with { Excluded = wishes.Excluded.Union(_takenBack) };
            }
        }
    }

    /// <summary>Why a node is not asked to take part, in words, or <see langword="null"/> when it is. [any]</summary>
    /// <param name="node">Its name.</param>
    /// <returns>The reason.</returns>
    public string? FindObjection(string node)
    {
        lock (_gate)
        {
            return _settings.PolicyOf(Project) == DistributionPolicy.Off ? "distribution is off" : _settings.FindObjection(node);
        }
    }

    /// <summary>Changes what is set, here and in the file. [any]</summary>
    /// <param name="change">What is to be otherwise.</param>
    /// <param name="cancellationToken">Ends waiting for other processes; nothing is changed.</param>
    /// <returns>Completes when it is kept.</returns>
    /// <exception cref="ArgumentException">The change cannot be meant, or the Channel that it pins is not in the project; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be changed.</exception>
    /// <exception cref="InvalidDataException">The file has no settings; it is left as it is.</exception>
    public async Task ChangeAsync(SettingsChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.FindFault() is { } fault)
        {
            throw new ArgumentException($"This cannot be set: {fault}.", nameof(change));
        }

        if (change is { Channel: { } channel, PinnedTo: not null } && change.Project == Project && _graph is not null
            && ChannelNames.Find(_graph, channel) is { Length: not 1 } found)
        {
            throw new ArgumentException(found.IsEmpty ? $"There is no Channel \"{channel}\" in {Project}." : $"{found.Length} Channels of {Project} are called \"{channel}\": say which by its id.", nameof(change));
        }

        var settings = await ClusterSettingsFile.UpdateAsync(_folder, change.ApplyTo, cancellationToken: cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _settings = settings;
        }
    }

    /// <summary>Gives nodes no work until <see cref="GiveAgain"/>. [any]</summary>
    /// <param name="node">The name of a node, or <see langword="null"/> for all: then all of it stays on the host.</param>
    public void TakeBack(string? node)
    {
        lock (_gate)
        {
            _isAllTakenBack |= node is null;
            _takenBack = node is null ? _takenBack : _takenBack.Add(node);
        }
    }

    /// <summary>Gives nodes work again, as is set. [any]</summary>
    /// <param name="node">The name of a node, or <see langword="null"/> for all.</param>
    public void GiveAgain(string? node)
    {
        lock (_gate)
        {
            _isAllTakenBack = false;
            _takenBack = node is null ? [] : _takenBack.Remove(node);
        }
    }
}
