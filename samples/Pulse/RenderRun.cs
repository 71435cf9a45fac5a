using Loophole.Cluster;
using Loophole.Cluster.Media;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Trust;
using Loophole.DawProject;
using Loophole.Engine;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>Starts or reaches the Signals, renders one file, and ends what it started.</summary>
internal static class RenderRun
{
    /// <exception cref="ClusterException">The Signals could not do it.</exception>
    /// <exception cref="ArgumentException">One of the nodes is no satellite.</exception>
    public static async Task<RenderReport> RunAsync(
        DawProjectGraphResult project,
        IMediaStore media,
        RenderArguments arguments,
        string outputPath,
        IProgress<RenderProgress> progress,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        outputPath = Path.GetFullPath(outputPath);
        try
        {
            return await RenderAsync(project, media, arguments, outputPath, progress, loggers, cancellationToken);
        }
        catch
        {
            // A host that was killed could not take its unfinished file away; by now it has ended.
            UnfinishedFile.Remove(outputPath);
            throw;
        }
    }

    private static async Task<RenderReport> RenderAsync(
        DawProjectGraphResult project,
        IMediaStore media,
        RenderArguments arguments,
        string outputPath,
        IProgress<RenderProgress> progress,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var events = arguments.EventLogPath is { } log ? await EventLog.ReadAsync(log, cancellationToken) : [];
        await using var security = RenderSecurity.Open(arguments, loggers);
        await using var network = RenderNetwork.Open(arguments.Transport, security.Credentials, loggers);
        await using var crew = new SignalCrew(security.CrewTrust?.JoinKey, arguments.Transport);
        await using var coordinator = new RenderCoordinator(
            new RenderCoordinatorOptions { LostAfter = arguments.LostAfter, Trust = security.NodesTrust },
            network,
            new ClusterRegistry(),
            new ChannelPartitioner(),
            new BuiltInProcessors(),
            media,
            loggers);
        await crew.StartHostAsync(Project.MediaFolder, arguments.Workers, cancellationToken);
        await crew.StartSatellitesAsync(arguments.Satellites, arguments.Workers, cancellationToken);
        foreach (var endPoints in crew.EndPoints)
        {
            await coordinator.ConnectAsync(endPoints, security.CrewTrust, cancellationToken);
        }

        var refused = new List<NodeReport>();
        foreach (var place in arguments.Nodes)
        {
            await ConnectAsync(coordinator, place, network.Schemes, security.NodesTrust, refused, cancellationToken);
        }

        var result = await coordinator.RenderAsync(
            new RenderRequest
            {
                Graph = project.Graph,
                Project = arguments.ProjectName,
                Events = events,
                LengthFrames = Math.Max(1, project.Graph.LengthFrames + (long)Math.Round(arguments.TailSeconds * arguments.SampleRate)),
                OutputPath = outputPath,
                BlockFrames = arguments.BlockFrames,
                Policy = arguments.Policy,
            },
            progress,
            cancellationToken);
        return Report(result, refused, project);
    }

    /// <summary>Connects to a satellite, which may listen at its place by any transport. One that does not want us is done without: whoever is there does its work.</summary>
    private static async Task ConnectAsync(
        RenderCoordinator coordinator, string place, IReadOnlyList<string> schemes, NodeTrust? trust, List<NodeReport> refused, CancellationToken cancellationToken)
    {
        try
        {
            var node = await coordinator.ConnectAsync([.. schemes.Select(scheme => new Uri($"{scheme}://{place}"))], trust, cancellationToken);
            if (node.Role != NodeRole.Satellite)
            {
                throw new ArgumentException($"--nodes takes satellites; {node.Name} at {place} is a host.");
            }
        }
        catch (ClusterException refusal) when (refusal.Error == ClusterError.NodeRefused)
        {
            refused.Add(new NodeReport(place, 0, "", 0, 0, 0, 0, refusal.Message));
        }
    }

    private static RenderReport Report(RenderResult result, List<NodeReport> refused, DawProjectGraphResult project)
    {
        var seconds = Math.Max(result.Elapsed.TotalSeconds, 1e-9);
        return new RenderReport(
            result.Sha256,
            result.Frames,
            result.AudioChannels,
            result.SampleRate,
            Math.Round(seconds, 3),
            Math.Round(result.Frames / (double)result.SampleRate / seconds, 3),
            [.. result.Nodes.Select(node => new NodeReport(node.Name, node.ProcessId, node.Transport, node.Subgraphs, node.Blocks, Math.Round(node.RenderSeconds, 3), node.PeakMemoryBytes, node.LostReason)), .. refused],
            result.Failovers,
            project.MissingPlugins,
            [.. project.Reports.Select(report => $"{report.Element}: {report.Message}"), .. result.Objections.Select(objection => $"not distributed: {objection}")]);
    }
}
