using Loophole.Cluster.Messages;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Sessions;

/// <summary>Playing from placement until it is stopped. Decides everything on one logical thread: happenings are taken one at a time.</summary>
internal sealed class PlaySession(PlayRequest request, SessionParts parts, TransportSchedule schedule, RenderHappenings happenings)
{
    private readonly Deployment _deployment = new(parts);

    /// <summary>Up to where events are made beyond the horizon, so that nobody waits for the next announcement.</summary>
    private long Margin => parts.Format.LeadFrames + parts.Plan.SampleRate;

    public async Task<PlayResult> RunAsync(IProgress<PlayProgress>? progress, CancellationToken stop, CancellationToken cancellationToken)
    {
        await _deployment.OpenAudioAsync(cancellationToken).ConfigureAwait(false);
        var first = parts.Plan.LatencyFrames + parts.Format.LeadFrames + Margin;
        _deployment.Know([.. schedule.ExtendTo(first)], first);
        await _deployment.DeployAsync(cancellationToken).ConfigureAwait(false);
        var started = await AskHostAsync<PlayStarted, PlayCommand>("start", Command(), cancellationToken).ConfigureAwait(false);
        await using var stopping = stop.UnsafeRegister(static queue => ((RenderHappenings)queue!).Stop(), happenings).ConfigureAwait(false);
        await SeeThroughAsync(started, progress, cancellationToken).ConfigureAwait(false);
        var ended = await AskHostAsync<PlayEnded, Empty>("stop", Empty.Instance, cancellationToken).ConfigureAwait(false);
        return new PlayResult(
            ended.Sha256,
            ended.Frames,
            parts.Plan.Output.AudioChannels,
            parts.Plan.SampleRate,
            ended.LateBlocks,
            ended.MissingFrames,
            ended.Xruns,
            ended.LostFrames,
            ended.CallbackFaults,
            [.. schedule.Made.Where(made => made.Frame < ended.Frames)],
            await _deployment.ReportAsync(cancellationToken).ConfigureAwait(false),
            _deployment.Failovers,
            [.. _deployment.Objections()]);
    }

    private PlayCommand Command() => new(
        new StartCommand(parts.Format, _deployment.Routes, parts.Plan.Output.Id, parts.Plan.Output.AudioChannels, parts.Plan.LatencyFrames, request.RecordPath ?? ""),
        request.Device,
        request.DeviceBlockFrames);

    private async Task SeeThroughAsync(PlayStarted started, IProgress<PlayProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await happenings.Reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                case Happening.Position { At: var at }:
                    await ExtendAsync(at.RenderFrame + Margin + parts.Format.LeadFrames, cancellationToken).ConfigureAwait(false);
                    progress?.Report(new PlayProgress(
                        at.RenderFrame - parts.Plan.LatencyFrames,
                        schedule.ProjectFrameAt(at.RenderFrame - parts.Plan.LatencyFrames),
                        at.AheadFrames,
                        at.LateBlocks,
                        at.Xruns,
                        started.BlockFrames,
                        parts.Registry.Current));
                    break;
                case Happening.NodeCut cut:
                    _deployment.Cut(cut);
                    break;
                case Happening.NodeLost lost:
                    await _deployment.FailOverAsync(lost.Signal, cancellationToken).ConfigureAwait(false);
                    break;
                case Happening.Failed failed:
                    throw new ClusterException(ClusterError.Output, failed.Message);
                case Happening.StopAsked:
                    return;
            }
        }
    }

    /// <summary>Announces what comes, some half of the margin at a time.</summary>
    private async Task ExtendAsync(long frame, CancellationToken cancellationToken)
    {
        if (frame - schedule.KnownBefore > Margin / 2)
        {
            await _deployment.AnnounceAsync([.. schedule.ExtendTo(frame + Margin)], frame + Margin, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<TAnswer> AskHostAsync<TAnswer, TCommand>(string name, TCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await _deployment.Host.AskAsync<TAnswer, TCommand>("playback", name, command, cancellationToken).ConfigureAwait(false);
        }
        catch (ControlException refused)
        {
            throw _deployment.Host.IsLost ? _deployment.HostLost() : new ClusterException(ClusterError.Output, refused.Message, refused);
        }
    }
}
