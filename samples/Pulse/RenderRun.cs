using System.Collections.Immutable;
using Loophole.Cluster;
using Loophole.Cluster.Media;
using Loophole.DawProject;
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
        var graph = await Takes.ReadAsync(arguments.TakesFolder, project.Graph, media, cancellationToken);
        await using var ensemble = await Ensemble.OpenAsync(arguments, media, loggers, cancellationToken);
        // Who comes later cannot take part in this one.
        await ensemble.EndSearchAsync();
        var result = await ensemble.Coordinator.RenderAsync(
            new RenderRequest
            {
                Graph = graph,
                Project = arguments.ProjectName,
                Events = events,
                LengthFrames = arguments.Frames ?? Math.Max(1, project.Graph.LengthFrames + (long)Math.Round(arguments.TailSeconds * arguments.SampleRate)),
                OutputPath = outputPath,
                BlockFrames = arguments.BlockFrames,
                Policy = arguments.Policy,
                Wishes = arguments.Settings.WishesFor(arguments.ProjectName, project.Graph, out var unknown),
            },
            progress,
            cancellationToken);
        return Report(result, ensemble.Refused, project, unknown);
    }

    private static RenderReport Report(RenderResult result, IReadOnlyList<NodeReport> refused, DawProjectGraphResult project, ImmutableArray<string> unknown)
    {
        var seconds = Math.Max(result.Elapsed.TotalSeconds, 1e-9);
        return new RenderReport(
            result.Sha256,
            result.Frames,
            result.AudioChannels,
            result.SampleRate,
            Math.Round(seconds, 3),
            Math.Round(result.Frames / (double)result.SampleRate / seconds, 3),
            [.. result.Nodes.Select(NodeReport.Of), .. refused],
            result.Failovers,
            project.MissingPlugins,
            [.. project.Reports.Select(report => $"{report.Element}: {report.Message}"), .. unknown, .. result.Objections.Select(objection => $"not distributed: {objection}")]);
    }
}
