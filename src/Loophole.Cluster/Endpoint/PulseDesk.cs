using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Membership;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Settings;

namespace Loophole.Cluster.Endpoint;

/// <summary>Does for the clients of a Pulse what a Pulse can do: <c>cluster.status</c>, <c>change</c>, <c>retry</c> and <c>takeBack</c>, and while a project is served <c>transport.state</c>, <c>play</c>,
/// <c>pause</c>, <c>stop</c> and <c>seek</c>.</summary>
/// <remarks>It is told where playing is (<see cref="IProgress{T}.Report"/>) by whoever plays.</remarks>
public sealed class PulseDesk : IEndpointDesk, IProgress<PlayProgress>
{
    /// <summary>A client is answered after so long at the latest, whether or not what it has asked for is heard yet.</summary>
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(5);

    private readonly IClusterRegistry _registry;
    private readonly ClusterMembership _membership;
    private readonly DistributionControl _distribution;
    private readonly PlaybackControl? _playback;
    private readonly int _sampleRate;
    private readonly TimeProvider _time;
    private volatile PlayProgress? _last;
    private TaskCompletionSource _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a desk.</summary>
    /// <param name="registry">Who is in the session.</param>
    /// <param name="membership">Who was found.</param>
    /// <param name="distribution">What goes for distribution.</param>
    /// <param name="playback">The transport of what is played; <see langword="null"/> when no project is served.</param>
    /// <param name="sampleRate">Frames per second of what is played.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    public PulseDesk(IClusterRegistry registry, ClusterMembership membership, DistributionControl distribution, PlaybackControl? playback, int sampleRate, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(membership);
        ArgumentNullException.ThrowIfNull(distribution);
        (_registry, _membership, _distribution, _playback, _sampleRate, _time) = (registry, membership, distribution, playback, sampleRate, time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public void Report(PlayProgress value)
    {
        _last = value;
        Interlocked.Exchange(ref _reported, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask<JsonElement> HandleAsync(Envelope command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        try
        {
            return command.Domain switch
            {
                "cluster" => ClusterJson.ToElement(await ClusterAsync(command, cancellationToken).ConfigureAwait(false)),
                "transport" => ClusterJson.ToElement(await TransportAsync(command, cancellationToken).ConfigureAwait(false)),
                _ => throw new ControlException("unknownDomain", $"Pulse has no domain \"{command.Domain}\" for its clients: it has cluster and transport."),
            };
        }
        catch (Exception refused) when (refused is ArgumentException or InvalidOperationException or InvalidDataException or (IOException and not ControlException))
        {
            throw new ControlException("refused", refused.Message, innerException: refused);
        }
    }

    private async Task<ClusterStatus> ClusterAsync(Envelope command, CancellationToken cancellationToken)
    {
        switch (command.Name)
        {
            case "status":
                break;
            case "change":
                await _distribution.ChangeAsync(Payload.Read<SettingsChange>(command), cancellationToken).ConfigureAwait(false);
                _membership.Reconsider();
                await DistributeAsync(cancellationToken).ConfigureAwait(false);
                break;
            case "takeBack":
                _distribution.TakeBack(Named(command));
                await DistributeAsync(cancellationToken).ConfigureAwait(false);
                break;
            case "retry":
                var node = Named(command);
                _distribution.GiveAgain(node);
                _membership.Retry(node);
                await DistributeAsync(cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw Unknown(command);
        }

        return new ClusterStatus(_distribution.Settings, _distribution.Project, _distribution.Policy, [.. _distribution.TakenBack], _registry.Current, _membership.Candidates);
    }

    private async Task<TransportState> TransportAsync(Envelope command, CancellationToken cancellationToken)
    {
        var playback = _playback ?? throw new ControlException("noProject", "This Pulse serves no project. End it, and serve one: pulse serve PROJECT.");
        if (command.Name != "state")
        {
            await UntilHeardAsync(
                command.Name switch
                {
                    "play" => playback.RunAsync(),
                    "pause" => playback.PauseAsync(),
                    "stop" => playback.StopAsync(),
                    "seek" => playback.LocateAsync(Payload.Read<SeekCommand>(command).ProjectFrame),
                    _ => throw Unknown(command),
                },
                cancellationToken).ConfigureAwait(false);
        }

        var last = _last ?? throw new ControlException("notReady", "Nothing is heard yet: what is to be played is being rendered ahead.");
        return new TransportState(last.IsRunning, last.ProjectFrame, last.RenderFrame, _sampleRate, last.Loop, last.AheadFrames, last.LeadFrames, last.LateBlocks, last.Xruns, [.. last.Gaps.TakeLast(TransportState.MaxGaps)]);
    }

    /// <summary>The node that is meant, which has to be one of those that are known.</summary>
    private string? Named(Envelope command)
    {
        var node = Payload.Read<NodeChoice>(command).Node;
        return node is null || _registry.Current.Nodes.Any(known => known.Description.Name == node) || _membership.Candidates.Any(candidate => candidate.Name == node)
            ? node
            : throw new ControlException("unknownNode", $"There is no node \"{node}\"; `pulse cluster status` shows those that there are.");
    }

    /// <summary>Lets the work of what is played go where it is to be now.</summary>
    private Task DistributeAsync(CancellationToken cancellationToken) =>
        _playback is null ? Task.CompletedTask : UntilHeardAsync(_playback.DistributeAsync(_distribution.Policy, _distribution.Wishes), cancellationToken);

    /// <summary>Waits until a change is heard, or the client has waited for long enough.</summary>
    /// <param name="done">From which render frame on it will be.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    private async Task UntilHeardAsync(Task<long> done, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(AnswerDeadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var frame = await done.WaitAsync(either.Token).ConfigureAwait(false);
            while (true)
            {
                var reported = Volatile.Read(ref _reported).Task;
                if (_last is { } last && last.RenderFrame >= frame)
                {
                    return;
                }

                await reported.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It is still done, as soon as that is possible; the client sees how it stands.
        }
    }

    private static ControlException Unknown(Envelope command) => new("unknownName", $"Pulse has no {command.Domain}.{command.Name}.");
}
