using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Sessions;

/// <summary>One render from placement to the finished file. Decides everything on one logical thread: happenings are taken one at a time.</summary>
internal sealed class OfflineRender(RenderRequest request, SessionParts parts, RenderHappenings happenings, TimeProvider time)
{
    private readonly Deployment _deployment = new(parts);

    public async Task<RenderResult> RunAsync(IProgress<RenderProgress>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var plan = parts.Plan;
        await _deployment.OpenAudioAsync(cancellationToken).ConfigureAwait(false);
        _deployment.Know(request.Events.IsEmpty ? [PlayFromStart()] : request.Events, parts.Format.EndFrame);
        await _deployment.DeployAsync(cancellationToken).ConfigureAwait(false);
        var start = new StartCommand(parts.Format, _deployment.Routes, plan.Output.Id, plan.Output.AudioChannels, plan.LatencyFrames, request.OutputPath);
        try
        {
            await _deployment.Host.TellAsync("rendering", "start", start, cancellationToken).ConfigureAwait(false);
        }
        catch (ControlException refused)
        {
            throw _deployment.Host.IsLost ? _deployment.HostLost() : new ClusterException(ClusterError.Output, refused.Message, refused);
        }

        var finished = await SeeThroughAsync(progress, cancellationToken).ConfigureAwait(false);
        return new RenderResult(
            finished.Sha256,
            finished.Frames,
            plan.Output.AudioChannels,
            plan.SampleRate,
            time.GetElapsedTime(started),
            await _deployment.ReportAsync(cancellationToken).ConfigureAwait(false),
            _deployment.Failovers,
            [.. _deployment.Objections()]);
    }

    private async Task<RenderingFinished> SeeThroughAsync(IProgress<RenderProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await happenings.Reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                case Happening.Progress moved:
                    Report(moved.PlayheadFrame);
                    break;
                case Happening.Measured measured:
                    _deployment.Measure(measured);
                    break;
                case Happening.NodeCut cut:
                    _deployment.Cut(cut);
                    break;
                case Happening.NodeLost lost:
                    await _deployment.FailOverAsync(lost.Signal, cancellationToken).ConfigureAwait(false);
                    break;
                case Happening.Failed failed:
                    throw new ClusterException(ClusterError.Output, failed.Message);
                case Happening.Asked asked:
                    asked.Refuse("A file is rendered; nothing is played.");
                    break;
                case Happening.Finished finished:
                    Report(parts.Format.EndFrame);
                    return finished.Result;
            }
        }

        void Report(long playhead) => progress?.Report(new RenderProgress(playhead, parts.Format.EndFrame, parts.Registry.Current));
    }

    private static TransportEvent PlayFromStart() => new() { Frame = 0, Sequence = 0, ProjectFrame = 0, IsPlaying = true };
}
