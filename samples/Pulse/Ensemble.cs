using Loophole.Cluster;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Media;
using Loophole.Cluster.Membership;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Transports;
using Loophole.Engine;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>The Signals of one session, started or reached, and the coordinator that leads them. Disposing ends what was started.</summary>
internal sealed class Ensemble : IAsyncDisposable
{
    /// <summary>Whoever is there has answered by then.</summary>
    private static readonly TimeSpan SearchPatience = TimeSpan.FromSeconds(1.5);

    private readonly RenderSecurity _security;
    private readonly TransportSet _network;
    private readonly SignalCrew _crew;
    private readonly List<NodeReport> _refused = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _searching = Task.CompletedTask;
    private readonly CostBook _costs;
    private readonly string? _storeFolder;
    private readonly ILoggerFactory _loggers;

    private Ensemble(RenderArguments arguments, IMediaStore media, ILoggerFactory loggers)
    {
        _security = RenderSecurity.Open(arguments, loggers);
        _network = RenderNetwork.Open(arguments.Transport, _security.Credentials, loggers);
        _crew = new SignalCrew(_security.CrewTrust?.JoinKey, arguments.Transport);
        (_storeFolder, _loggers) = (arguments.StoreFolder, loggers);
        _costs = _storeFolder is null ? new CostBook(LearntCosts.Empty) : CostBookFile.Open(_storeFolder, loggers);
        Coordinator = new RenderCoordinator(
            new RenderCoordinatorOptions { LostAfter = arguments.LostAfter, Trust = _security.NodesTrust, Costs = _costs },
            _network,
            Registry,
            new ChannelPartitioner(),
            new BuiltInProcessors(),
            media,
            loggers);
    }

    public RenderCoordinator Coordinator { get; }

    public ClusterRegistry Registry { get; } = new();

    /// <summary>Finds who is found, until this is disposed; <see langword="null"/> when nobody is looked for.</summary>
    public MdnsDiscovery? Discovery { get; private set; }

    /// <summary>Who is found and let in; <see langword="null"/> when nobody is looked for.</summary>
    public ClusterMembership? Membership { get; private set; }

    /// <summary>Satellites that do not want us.</summary>
    public IReadOnlyList<NodeReport> Refused => [.. _refused, .. (Membership?.Candidates ?? []).Select(candidate => new NodeReport(candidate.Name, 0, "", 0, 0, 0, 0, candidate.Reason))];

    /// <exception cref="ClusterException">A Signal is not available.</exception>
    /// <exception cref="ArgumentException">One of the nodes is no satellite.</exception>
    public static async Task<Ensemble> OpenAsync(RenderArguments arguments, IMediaStore media, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var ensemble = new Ensemble(arguments, media, loggers);
        try
        {
            await ensemble.GatherAsync(arguments, loggers, cancellationToken);
            return ensemble;
        }
        catch
        {
            await ensemble.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets nobody in any more who is found.</summary>
    public async Task EndSearchAsync()
    {
        await _ending.CancelAsync();
        await _searching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await EndSearchAsync();
        if (Discovery is not null)
        {
            await Discovery.DisposeAsync();
        }

        _ending.Dispose();
        await Coordinator.DisposeAsync();
        if (_storeFolder is not null)
        {
            await CostBookFile.SaveAsync(_costs, _storeFolder, _loggers);
        }

        await _crew.DisposeAsync();
        await _network.DisposeAsync();
        await _security.DisposeAsync();
    }

    private async Task GatherAsync(RenderArguments arguments, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await _crew.StartHostAsync(Project.MediaFolder, arguments.Workers, cancellationToken);
        await _crew.StartSatellitesAsync(arguments.Satellites, arguments.Workers, cancellationToken);
        foreach (var endPoints in _crew.EndPoints)
        {
            await Coordinator.ConnectAsync(endPoints, _security.CrewTrust, cancellationToken);
        }

        foreach (var place in arguments.Nodes)
        {
            await ConnectAsync(place, cancellationToken);
        }

        if (arguments.FindsNodes)
        {
            await SearchAsync(arguments.FindObjection, loggers, cancellationToken);
        }
    }

    /// <summary>Looks for satellites, and goes on looking. Whoever does not answer, or does not want us, is done without for now.</summary>
    private async Task SearchAsync(Func<string, string?> findObjection, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        Discovery = new MdnsDiscovery(loggers);
        Membership = new ClusterMembership(Discovery, Coordinator, Registry, new MembershipOptions { Trust = _security.NodesTrust, Schemes = [.. _network.Schemes], FindObjection = findObjection });
        _searching = Membership.RunAsync(_ending.Token);
        await Task.WhenAny(_searching, Task.Delay(SearchPatience, cancellationToken)).Unwrap();
        await Membership.SettleAsync(cancellationToken);
    }

    /// <summary>Connects to a satellite, which may listen at its place by any transport. One that does not want us is done without: whoever is there does its work.</summary>
    private async Task ConnectAsync(string place, CancellationToken cancellationToken)
    {
        try
        {
            await Coordinator.ConnectAsync([.. _network.Schemes.Select(scheme => new Uri($"{scheme}://{place}"))], _security.NodesTrust, cancellationToken);
        }
        catch (ClusterException host) when (host.Error == ClusterError.SecondHost)
        {
            throw new ArgumentException($"--nodes takes satellites. {host.Message}", host);
        }
        catch (ClusterException refusal) when (refusal.Error == ClusterError.NodeRefused)
        {
            _refused.Add(new NodeReport(place, 0, "", 0, 0, 0, 0, refusal.Message));
        }
    }
}
