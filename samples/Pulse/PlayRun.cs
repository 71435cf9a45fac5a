using System.Collections.Immutable;
using Loophole.Cluster;
using Loophole.Cluster.Media;
using Loophole.DawProject;
using Loophole.Devices;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>Starts or reaches the Signals, plays until it is enough, and ends what it started.</summary>
internal static class PlayRun
{
    /// <exception cref="ClusterException">The Signals, or the device, could not do it.</exception>
    /// <exception cref="ArgumentException">A number or a node is not what it should be.</exception>
    public static async Task<PlayReport> RunAsync(
        DawProjectGraphResult project,
        IMediaStore media,
        RenderArguments arguments,
        PlayArguments play,
        PlayScript? script,
        string device,
        IProgress<PlayProgress> progress,
        ILoggerFactory loggers,
        CancellationToken stop)
    {
        Takes.Prepare(play.TakesFolder);
        var wishes = arguments.Settings.WishesFor(arguments.ProjectName, project.Graph, out var unknown);
        var request = RequestOf(project, arguments, play, device, wishes);
        CheckLog(play);
        try
        {
            await using var ensemble = await Ensemble.OpenAsync(arguments, media, loggers, stop);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var control = ensemble.Coordinator.Playback;
            using var keys = new PlayKeys(control, arguments.SampleRate, request.Loop ?? Whole(project), enough.Cancel);
            script?.Begin(control);
            var watch = new PlayWatch(progress, control, script, keys, at => IsEnough(at, project, arguments, play, request), enough.Cancel);
            var result = await ensemble.Coordinator.PlayAsync(request, watch, enough.Token, CancellationToken.None);
            var undone = script is null ? [] : await script.EndAsync();
            if (play.LogPath is { } log)
            {
                await EventLog.WriteAsync(log, result.Events, CancellationToken.None);
            }

            return Report(device, result, ensemble.Refused, project, [.. unknown, .. undone]);
        }
        catch
        {
            RemoveUnfinished(request);
            throw;
        }
    }

    /// <summary>Sees whether the log can be written, which is done at the end, when it would be too late to say.</summary>
    /// <exception cref="DirectoryNotFoundException">It cannot.</exception>
    public static void CheckLog(PlayArguments play)
    {
        if (play.LogPath is { } place && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(place))))
        {
            throw new DirectoryNotFoundException($"{place} cannot be written: there is no such folder.");
        }
    }

    /// <summary>Takes files away that a host which was killed has left behind, once it has ended.</summary>
    public static void RemoveUnfinished(PlayRequest request)
    {
        foreach (var unfinished in request.TakePaths.Values.Append(request.RecordPath).Append(WavAudioHost.FindPath(request.Device)).OfType<string>())
        {
            UnfinishedFile.Remove(Path.GetFullPath(unfinished));
        }
    }

    /// <summary>What is to be played, and how.</summary>
    public static PlayRequest RequestOf(DawProjectGraphResult project, RenderArguments arguments, PlayArguments play, string device, PlacementWishes wishes) => new()
    {
        Graph = project.Graph,
        Project = arguments.ProjectName,
        Device = device,
        DeviceBlockFrames = play.DeviceBlockFrames,
        StartFrame = PlayArguments.Frames(play.StartSeconds, arguments.SampleRate),
        PreRollFrames = PlayArguments.Frames(play.PreRollSeconds, arguments.SampleRate),
        Loop = play.LoopRegion(arguments.SampleRate),
        TakePaths = Takes.OfSound(play.TakesFolder, project.Graph),
        NoteTakePaths = Takes.OfNotes(play.TakesFolder, project.Graph),
        RecordPath = play.RecordPath is { } path ? Path.GetFullPath(path) : null,
        BlockFrames = arguments.BlockFrames,
        ReactionFrames = (int)PlayArguments.Frames(play.ReactionMilliseconds / 1e3, arguments.SampleRate),
        GestureLeadFrames = (int)PlayArguments.Frames(play.GestureLeadMilliseconds / 1e3, arguments.SampleRate),
        LeadFrames = (int)PlayArguments.Frames(play.LeadMilliseconds / 1e3, arguments.SampleRate),
        MostLeadFrames = (int)PlayArguments.Frames(play.MostLeadMilliseconds / 1e3, arguments.SampleRate),
        Policy = arguments.Policy,
        Wishes = wishes,
        StartsPaused = play.StartsPaused,
    };

    private static bool IsEnough(PlayProgress at, DawProjectGraphResult project, RenderArguments arguments, PlayArguments play, PlayRequest request) =>
        play.Seconds is { } seconds
            ? at.RenderFrame >= PlayArguments.Frames(seconds, arguments.SampleRate)
            : at.IsRunning && at.Loop is null && at.ProjectFrame >= Math.Max(request.StartFrame + 1, project.Graph.LengthFrames) + PlayArguments.Frames(arguments.TailSeconds, arguments.SampleRate);

    private static LoopRegion? Whole(DawProjectGraphResult project) =>
        new LoopRegion(0, project.Graph.LengthFrames) is var whole && whole.FindFault() is null ? whole : null;

    /// <summary>What was played, for people and programs.</summary>
    public static PlayReport Report(string device, PlayResult result, IReadOnlyList<NodeReport> refused, DawProjectGraphResult project, ImmutableArray<string> undone) => new(
        device,
        result.Frames,
        result.AudioChannels,
        result.SampleRate,
        result.LateBlocks,
        result.MissingFrames,
        result.Xruns,
        result.LostFrames,
        result.CallbackFaults,
        CallbackReport.Of(result.Times),
        result.Sha256,
        [.. result.Nodes.Select(NodeReport.Of), .. refused],
        result.Failovers,
        [.. result.Gaps.Select(gap => GapReport.Of(gap, project.Graph))],
        [.. project.Reports.Select(report => $"{report.Element}: {report.Message}"), .. result.Objections.Select(objection => $"not distributed: {objection}"), .. result.HeardNotes == false ? [$"{device} has no MIDI input: nothing was played on it."] : ImmutableArray<string>.Empty, .. undone]);
}
