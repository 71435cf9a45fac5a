using System.Collections.Immutable;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Membership;

/// <summary>Lets every satellite that is found into a session, and in again when it was lost. Safe for concurrent use.</summary>
/// <remarks>A node that keeps coming and going is tried ever less often, as routers damp routes that flap: three times at once, then every nine seconds or so. One that does not
/// answer, or refuses, is tried so often as well, as long as it tells of itself; at once when somebody asks for it (<see cref="Retry"/>). Nobody waits for anybody else. A node that tells of itself no more stays in the session until its connection ends.</remarks>
public sealed class ClusterMembership : IMembershipDoor
{
    private readonly INodeDiscovery _discovery;
    private readonly RenderCoordinator _coordinator;
    private readonly IClusterRegistry _registry;
    private readonly MembershipOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, NodeId? Id), (Recruit Recruit, Task Running)> _recruits = [];
    private volatile HashSet<NodeId> _present = [];
    private long _lookedAt = -1;

    /// <summary>Makes a membership that does nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="discovery">Finds nodes. Not disposed.</param>
    /// <param name="coordinator">What they are let into.</param>
    /// <param name="registry">Where it registers them.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    public ClusterMembership(INodeDiscovery discovery, RenderCoordinator coordinator, IClusterRegistry registry, MembershipOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(discovery);
        ArgumentNullException.ThrowIfNull(coordinator);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(options);
        (_discovery, _coordinator, _registry, _options, _time) = (discovery, coordinator, registry, options, time ?? TimeProvider.System);
    }

    /// <summary>Nodes that were found and are not in the session, by name, each with the reason. [any]</summary>
    public ImmutableArray<NodeCandidate> Candidates =>
        [.. Recruits().Select(recruit => recruit.Candidate).OfType<NodeCandidate>().OrderBy(candidate => candidate.Name, StringComparer.Ordinal)];

    /// <summary>Looks for nodes and lets them in, until the token fires. Called once. [any]</summary>
    /// <param name="cancellationToken">Ends it; the task then completes normally, and whoever is in the session stays there.</param>
    /// <returns>Completes when nothing is tried any more.</returns>
    /// <exception cref="DiscoveryException">There is no network to look in.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(ending.Token);
        try
        {
            await foreach (var sighting in _discovery.BrowseAsync(NodeService.Signal, ending.Token).ConfigureAwait(false))
            {
                Take(sighting, ending.Token);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Looked for long enough.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            Task[] running;
            lock (_gate)
            {
                running = [watching, .. _recruits.Values.Select(recruit => recruit.Running)];
            }

            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until everybody who has been found so far was tried once. [any]</summary>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>Completes then.</returns>
    public Task SettleAsync(CancellationToken cancellationToken) => Task.WhenAll(Recruits().Select(recruit => recruit.Decided)).WaitAsync(cancellationToken);

    /// <summary>Tries nodes now, however often they were tried. [any]</summary>
    /// <param name="name">The name of a node, or <see langword="null"/> for all that are not in the session.</param>
    /// <returns>How many that are.</returns>
    public int Retry(string? name = null)
    {
        var meant = Recruits().Where(recruit => recruit.Candidate is { } candidate && (name is null || candidate.Name == name)).ToArray();
        foreach (var recruit in meant)
        {
            recruit.Retry();
        }

        return meant.Length;
    }

    /// <summary>Looks again at who may be asked: what <see cref="MembershipOptions.FindObjection"/> says may have changed. [any]</summary>
    public void Reconsider()
    {
        foreach (var recruit in Recruits())
        {
            recruit.Poke();
        }
    }

    string? IMembershipDoor.FindObjection(DiscoveredNode node) =>
        _options.FindObjection(node.Name) ?? (!node.EndPoints.Any(IsReachable) ? "it has no endpoint by which it could be worked with" : null);

    bool IMembershipDoor.IsInSession(NodeId node) => _present.Contains(node);

    /// <summary>Connects at whichever of its addresses answers.</summary>
    async Task<NodeId> IMembershipDoor.LetInAsync(DiscoveredNode node, CancellationToken cancellationToken)
    {
        ClusterException? last = null;
        foreach (var address in node.EndPoints.Where(IsReachable).GroupBy(endPoint => endPoint.Host))
        {
            try
            {
                var id = (await _coordinator.ConnectAsync([.. address], _options.Trust, cancellationToken).ConfigureAwait(false)).Id;
                // Whoever asks next is to know, whether or not the registry was read meanwhile.
                Look(_registry.Current);
                return id;
            }
            catch (ClusterException failed) when (failed.Error == ClusterError.NodeUnavailable)
            {
                last = failed;
            }
            catch (TrustException failed)
            {
                throw new ClusterException(ClusterError.NodeRefused, $"{node.Name} cannot be remembered: {failed.Message}", failed);
            }
        }

        throw last!;
    }

    private bool IsReachable(Uri endPoint) => _options.Schemes.Contains(endPoint.Scheme);

    private Recruit[] Recruits()
    {
        lock (_gate)
        {
            return [.. _recruits.Values.Select(recruit => recruit.Recruit)];
        }
    }

    private void Take(NodeSighting sighting, CancellationToken cancellationToken)
    {
        var key = (sighting.Node.Name, sighting.Node.Id);
        lock (_gate)
        {
            var known = _recruits.GetValueOrDefault(key).Recruit;
            if (sighting.Change == NodeChange.Gone)
            {
                known?.Leave();
            }
            else if (sighting.Node.Role != NodeRole.Host && known?.See(sighting.Node) != true)
            {
                var recruit = new Recruit(sighting.Node, this, _time);
                _recruits[key] = (recruit, FollowAsync(recruit, key, cancellationToken));
            }
        }
    }

    /// <summary>Sees a node through until it is given up. When the search ends, those that are not in the session are still known.</summary>
    private async Task FollowAsync(Recruit recruit, (string Name, NodeId? Id) key, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await recruit.RunAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_recruits.TryGetValue(key, out var current) && current.Recruit == recruit)
            {
                _recruits.Remove(key);
            }
        }
    }

    /// <summary>Tells those that were lost from the session to try again.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var snapshot in _registry.WatchAsync(-1, cancellationToken).ConfigureAwait(false))
        {
            foreach (var gone in Look(snapshot))
            {
                foreach (var recruit in Recruits().Where(recruit => recruit.Joined == gone))
                {
                    recruit.Poke();
                }
            }
        }
    }

    /// <returns>Who was there before and is not any more.</returns>
    private NodeId[] Look(ClusterSnapshot snapshot)
    {
        lock (_gate)
        {
            if (snapshot.Version <= _lookedAt)
            {
                return [];
            }

            _lookedAt = snapshot.Version;
            var before = _present;
            _present = [.. snapshot.Nodes.Where(node => node.IsPresent).Select(node => node.Description.Id)];
            return [.. before.Except(_present)];
        }
    }
}
