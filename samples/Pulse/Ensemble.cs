using Loophole.Cluster;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Media;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Transports;
using Loophole.Engine;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>The Signals of one session, started or reached, and the coordinator that leads them. Disposing ends what was started.</summary>
internal sealed class Ensemble : IAsyncDisposable
{
    private readonly RenderSecurity _security;
    private readonly TransportSet _network;
    private readonly SignalCrew _crew;
    private readonly List<NodeReport> _refused = [];
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
            new ClusterRegistry(),
            new ChannelPartitioner(),
            new BuiltInProcessors(),
            media,
            loggers);
    }

    public RenderCoordinator Coordinator { get; }

    /// <summary>Satellites that do not want us.</summary>
    public IReadOnlyList<NodeReport> Refused => _refused;

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

    public async ValueTask DisposeAsync()
    {
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

        foreach (var found in arguments.FindsNodes ? await NodeSearch.RunAsync(loggers, cancellationToken) : [])
        {
            if (!arguments.Settings.Excluded.Contains(found.Name))
            {
                await ConnectAsync(found, cancellationToken);
            }
        }
    }

    /// <summary>Connects to a satellite that was found, at whichever of its addresses answers. One that does not, or does not want us, is done without.</summary>
    private async Task ConnectAsync(DiscoveredNode found, CancellationToken cancellationToken)
    {
        var why = "it has no endpoint by which it could be worked with";
        foreach (var address in found.EndPoints.Where(endPoint => _network.Schemes.Contains(endPoint.Scheme)).GroupBy(endPoint => endPoint.Host))
        {
            try
            {
                await Coordinator.ConnectAsync([.. address], _security.NodesTrust, cancellationToken);
                return;
            }
            catch (ClusterException failed) when (failed.Error is ClusterError.NodeRefused or ClusterError.NodeUnavailable)
            {
                why = failed.Message;
                if (failed.Error == ClusterError.NodeRefused)
                {
                    break;
                }
            }
        }

        _refused.Add(new NodeReport(found.Name, 0, "", 0, 0, 0, 0, why));
    }

    /// <summary>Connects to a satellite, which may listen at its place by any transport. One that does not want us is done without: whoever is there does its work.</summary>
    private async Task ConnectAsync(string place, CancellationToken cancellationToken)
    {
        try
        {
            var node = await Coordinator.ConnectAsync([.. _network.Schemes.Select(scheme => new Uri($"{scheme}://{place}"))], _security.NodesTrust, cancellationToken);
            if (node.Role != NodeRole.Satellite)
            {
                throw new ArgumentException($"--nodes takes satellites; {node.Name} at {place} is a host.");
            }
        }
        catch (ClusterException refusal) when (refusal.Error == ClusterError.NodeRefused)
        {
            _refused.Add(new NodeReport(place, 0, "", 0, 0, 0, 0, refusal.Message));
        }
    }
}
