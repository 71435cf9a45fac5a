using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Sessions;

/// <summary>Playing from placement until it is stopped. Decides everything on one logical thread: happenings are taken one at a time.</summary>
internal sealed class PlaySession(PlayRequest request, SessionParts parts, PlaySchedule schedule, IProcessorFactory processors, RenderHappenings happenings)
{
    private readonly Deployment _deployment = new(parts);
    private readonly List<Happening.ChangeAsked> _ahead = [];

    /// <summary>Up to where events are made beyond the horizon, so that nobody waits for the next announcement.</summary>
    private long Margin => parts.Format.LeadFrames + parts.Plan.SampleRate;

    public async Task<PlayResult> RunAsync(IProgress<PlayProgress>? progress, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            await _deployment.OpenAudioAsync(cancellationToken).ConfigureAwait(false);
            var first = parts.Plan.LatencyFrames + parts.Format.LeadFrames + Margin;
            _deployment.Know(schedule.ExtendTo(first), first);
            await _deployment.DeployAsync(cancellationToken).ConfigureAwait(false);
            var started = await AskHostAsync<PlayStarted, PlayCommand>("start", Command(), cancellationToken).ConfigureAwait(false);
            await using var stopping = stop.UnsafeRegister(static queue => ((RenderHappenings)queue!).Stop(), happenings).ConfigureAwait(false);
            await SeeThroughAsync(started, progress, cancellationToken).ConfigureAwait(false);
            return await EndAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            happenings.End();
            _ahead.ForEach(asked => asked.Refuse(RenderHappenings.NothingPlays));
        }
    }

    private async Task<PlayResult> EndAsync(CancellationToken cancellationToken)
    {
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
            [.. schedule.MadeFrom(0).Where(made => made.Frame < ended.Frames)],
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
                    await FollowAsync(at, cancellationToken).ConfigureAwait(false);
                    progress?.Report(ProgressAt(at, started));
                    break;
                case Happening.ChangeAsked asked:
                    await TakeAsync(asked, cancellationToken).ConfigureAwait(false);
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

    private PlayProgress ProgressAt(PlayPosition at, PlayStarted started)
    {
        var heard = at.RenderFrame - parts.Plan.LatencyFrames;
        return new PlayProgress(
            heard,
            schedule.ProjectFrameAt(heard),
            schedule.IsPlayingAt(heard),
            schedule.LoopAt(heard),
            at.AheadFrames,
            at.LateBlocks,
            at.Xruns,
            started.BlockFrames,
            parts.Registry.Current);
    }

    /// <summary>Announces what comes, some half of the margin at a time, and carries out what was asked for ahead.</summary>
    private async Task FollowAsync(PlayPosition at, CancellationToken cancellationToken)
    {
        var needed = at.RenderFrame + Margin + parts.Format.LeadFrames;
        if (needed - schedule.KnownBefore > Margin / 2)
        {
            await AnnounceAsync(needed + Margin, cancellationToken).ConfigureAwait(false);
        }

        foreach (var near in _ahead.FindAll(asked => asked.NotBefore < schedule.KnownBefore))
        {
            _ahead.Remove(near);
            await ChangeAsync(near, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task AnnounceAsync(long knownBefore, CancellationToken cancellationToken) =>
        _deployment.AnnounceAsync(schedule.ExtendTo(knownBefore), knownBefore, cancellationToken);

    /// <summary>Carries a change out, or puts it off until its frame is near.</summary>
    private async Task TakeAsync(Happening.ChangeAsked asked, CancellationToken cancellationToken)
    {
        if (asked.Change is PlayChange.SetParameter set && EventValidation.FindFault(set.At(0, 0), request.Graph, processors) is { } fault)
        {
            asked.Done.TrySetException(new GraphException(GraphError.BadReference, $"The change {fault}."));
        }
        else if (asked.NotBefore >= schedule.KnownBefore)
        {
            _ahead.Add(asked);
        }
        else
        {
            await ChangeAsync(asked, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ChangeAsync(Happening.ChangeAsked asked, CancellationToken cancellationToken)
    {
        try
        {
            asked.Done.TrySetResult(await _deployment.ReviseAsync(
                asked.Change.ConcernedNodeId,
                asked.NotBefore,
                Math.Min(request.ReactionFrames, parts.Format.LeadFrames),
                ReviseAsync,
                cancellationToken).ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            asked.Done.TrySetException(failure);
            throw;
        }

        async Task<(ImmutableArray<RenderEvent> Events, long KnownBefore)> ReviseAsync(long frame)
        {
            if (frame >= schedule.KnownBefore)
            {
                // Pulse was held up for longer than it plans ahead.
                await AnnounceAsync(frame + Margin, cancellationToken).ConfigureAwait(false);
            }

            return (schedule.Revise(frame, asked.Change), schedule.KnownBefore);
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
