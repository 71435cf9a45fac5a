using System.Collections.Immutable;
using Loophole.Cluster.Gestures;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Sessions;

/// <summary>Playing from placement until it is stopped. Decides everything on one logical thread: happenings are taken one at a time.</summary>
internal sealed class PlaySession(PlayRequest request, SessionParts parts, PlaySchedule schedule, IProcessorFactory processors, RenderHappenings happenings, MeterBoard? meters)
{
    private readonly Deployment _deployment = new(parts, meters);
    private readonly GestureDesk _gestures = new();
    private readonly ReplacementRule _placing = new();
    private readonly GapLog _gaps = new(parts);
    private readonly List<Happening.ChangeAsked> _ahead = [];
    private readonly Queue<Happening.Asked> _held = new();
    private AudioGraph _graph = request.Graph;
    private GlobalPlan _plan = parts.Plan;
    private Happening.LiveAsked? _turning;
    private DistributionPolicy _policy = parts.Policy;
    private long _heardFrame;

    /// <summary>Up to where events are made beyond the horizon, so that nobody waits for the next announcement.</summary>
    private long Margin => parts.Format.LeadFrames + parts.Plan.SampleRate;

    public async Task<PlayResult> RunAsync(IProgress<PlayProgress>? progress, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            await _deployment.OpenAudioAsync(cancellationToken).ConfigureAwait(false);
            await _deployment.OpenMetersAsync(cancellationToken).ConfigureAwait(false);
            var first = parts.Plan.LatencyFrames + parts.Format.LeadFrames + Margin;
            _deployment.Know(schedule.ExtendTo(first), first);
            await _deployment.DeployAsync(cancellationToken).ConfigureAwait(false);
            var started = await AskHostAsync<PlayStarted, PlayCommand>("start", Command(), cancellationToken).ConfigureAwait(false);
            await using var stopping = stop.UnsafeRegister(static queue => ((RenderHappenings)queue!).Stop(), happenings).ConfigureAwait(false);
            await SeeThroughAsync(started, progress, cancellationToken).ConfigureAwait(false);
            return await EndAsync(started, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            happenings.End();
            foreach (var asked in (IEnumerable<Happening.Asked>)[.. _ahead, .. _held, .. _turning is null ? ImmutableArray<Happening.Asked>.Empty : [_turning]])
            {
                asked.Refuse(RenderHappenings.NothingPlays);
            }
        }
    }

    private async Task<PlayResult> EndAsync(PlayStarted started, CancellationToken cancellationToken)
    {
        var ended = await AskHostAsync<PlayEnded, Empty>("stop", Empty.Instance, cancellationToken).ConfigureAwait(false);
        // The host told its last before it answered.
        while (happenings.Reader.TryRead(out var last))
        {
            (last as Happening.Asked)?.Refuse(RenderHappenings.NothingPlays);
            if (last is Happening.Gap { What: var gap })
            {
                _gaps.Take(gap, _deployment.ChannelsOf);
            }
        }

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
            ended.Times,
            [.. schedule.MadeFrom(0).Where(made => made.Frame < parts.Plan.LatencyFrames + ended.Frames)],
            await _deployment.ReportAsync(cancellationToken).ConfigureAwait(false),
            _deployment.Failovers,
            _gaps.All,
            [.. _deployment.Objections()],
            request.Graph.Channels.Any(channel => channel.Notes is { Take: null }) ? started.HearsNotes : null,
            meters?.Dropped ?? 0);
    }

    private PlayCommand Command() => new(
        new StartCommand(parts.Format, _deployment.Routes, parts.Plan.Output.Id, parts.Plan.Output.AudioChannels, parts.Plan.LatencyFrames, request.RecordPath ?? ""),
        parts.Format.WholeBlocks(request.LeadFrames),
        _deployment.LiveId,
        Inputs(),
        NoteTakes(),
        parts.Plan.Returns,
        request.Device,
        request.DeviceBlockFrames);

    /// <summary>What is heard of the device, and what is only recorded.</summary>
    private ImmutableArray<InputRoute> Inputs()
    {
        var heard = parts.Plan.Inputs.ToDictionary(input => input.ChannelId, input => input.Signal.Id);
        return
        [
            .. request.Graph.Channels
                .Where(channel => channel.Input is { Take: null } && (heard.ContainsKey(channel.Id) || request.TakePaths.ContainsKey(channel.Id)))
                .Select(channel => new InputRoute(heard.GetValueOrDefault(channel.Id, -1), channel.AudioChannels, channel.Input!.DeviceChannels, request.TakePaths.GetValueOrDefault(channel.Id, ""))),
        ];
    }

    /// <summary>What is recorded of the device's MIDI input.</summary>
    private ImmutableArray<NoteRoute> NoteTakes() =>
    [
        .. request.Graph.Channels
            .Where(channel => channel.Notes is { Take: null } && request.NoteTakePaths.ContainsKey(channel.Id))
            .Select(channel => new NoteRoute(channel.Notes!.MidiChannel, request.NoteTakePaths[channel.Id])),
    ];

    private async Task SeeThroughAsync(PlayStarted started, IProgress<PlayProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await happenings.Reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                case Happening.Position { At: var at }:
                    _heardFrame = at.RenderFrame;
                    _placing.Observe(at.AheadFrames, at.LeadFrames);
                    parts.Metrics.Observe(at);
                    await FollowAsync(at, cancellationToken).ConfigureAwait(false);
                    progress?.Report(ProgressAt(at, started));
                    break;
                case Happening.Gap { What: var gap }:
                    _gaps.Take(gap, _deployment.ChannelsOf);
                    break;
                case Happening.Asked asked when IsHeld(asked):
                    _held.Enqueue(asked);
                    break;
                case Happening.ChangeAsked change:
                    await TakeAsync(happenings.TakeWith(change), cancellationToken).ConfigureAwait(false);
                    break;
                case Happening.LiveAsked asked:
                    await TurnAsync(asked, cancellationToken).ConfigureAwait(false);
                    break;
                case Happening.Asked asked:
                    await TakeAsync(asked, cancellationToken).ConfigureAwait(false);
                    await TakeHeldAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case Happening.Measured measured:
                    Measure(measured);
                    break;
                case Happening.NodeJoined joined:
                    await _deployment.JoinAsync(joined.Signal, cancellationToken).ConfigureAwait(false);
                    happenings.Ask(new Happening.PlacementAsked());
                    break;
                case Happening.HasTurned { At: var turned }:
                    await EndTurnAsync(turned, cancellationToken).ConfigureAwait(false);
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
            at.LeadFrames,
            at.InsertAheadFrames,
            at.LateBlocks,
            at.Xruns,
            started.BlockFrames,
            parts.Registry.Current,
            _gaps.All,
            meters?.Read(heard) ?? []);
    }

    /// <summary>Announces what comes, some half of the margin at a time, and carries out what was asked for ahead.</summary>
    private async Task FollowAsync(PlayPosition at, CancellationToken cancellationToken)
    {
        var needed = at.RenderFrame + Margin + parts.Format.LeadFrames;
        if (needed - schedule.KnownBefore > Margin / 2)
        {
            await AnnounceAsync(needed + Margin, cancellationToken).ConfigureAwait(false);
        }

        await MoveAsync(at.RenderFrame + Math.Min(request.GestureLeadFrames, parts.Format.LeadFrames), cancellationToken).ConfigureAwait(false);
        if (_turning is not null)
        {
            return;
        }

        var known = schedule.KnownBefore;
        var near = _ahead.FindAll(asked => asked.NotBefore < known);
        _ahead.RemoveAll(asked => asked.NotBefore < known);
        for (var next = 0; next < near.Count;)
        {
            ImmutableArray<Happening.ChangeAsked> together = [near[next], .. near.Skip(next + 1).TakeWhile(near[next].GoesWith)];
            await TakeAsync(together, cancellationToken).ConfigureAwait(false);
            next += together.Length;
        }
    }

    /// <summary>Whether something has to wait: while what is live changes, nothing else does; nor does that change under a hand, or where anything runs.</summary>
    private bool IsHeld(Happening.Asked asked) => _turning is not null || (asked is Happening.LiveAsked or Happening.PlacementAsked && !_gestures.IsEmpty);

    /// <summary>Lets something else be live, or says why that cannot be.</summary>
    private async Task TurnAsync(Happening.LiveAsked asked, CancellationToken cancellationToken)
    {
        if (!_graph.Channels.Any(channel => channel.Id == asked.ChannelId))
        {
            asked.Done.TrySetException(new GraphException(GraphError.BadReference, $"There is no Channel \"{asked.ChannelId}\" that could be live."));
            return;
        }

        var graph = _graph with { Channels = [.. _graph.Channels.Select(channel => channel.Id == asked.ChannelId ? channel with { IsLive = asked.IsLive } : channel)] };
        var plan = new GraphPlanner(processors).Plan(graph);
        if (!Inserts(plan).SequenceEqual(Inserts(_plan)))
        {
            asked.Done.TrySetException(new GraphException(GraphError.BadReference, $"Channel \"{asked.ChannelId}\" cannot come to be live, or ahead, while it plays: it has, or feeds, inserts with a budget, which would change with it. Stop first."));
            return;
        }

        if (plan.Paces.SequenceEqual(_plan.Paces))
        {
            _graph = graph;
            asked.Done.TrySetResult(_heardFrame);
            return;
        }

        (_graph, _plan, _turning) = (graph, plan, asked);
        await _deployment.TurnAsync(plan, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<string> Inserts(GlobalPlan plan) => plan.Steps.Zip(plan.Paces).Where(step => step.Second == RenderPace.Insert).Select(step => step.First.Id);

    /// <summary>Looks whether work is better elsewhere, when it is time for that.</summary>
    private void Measure(Happening.Measured measured)
    {
        _deployment.Measure(measured);
        if (_placing.IsDue(measured.Signal.Description.Id, measured.What.Telemetry.RenderLoad) && _policy != DistributionPolicy.Off)
        {
            happenings.Ask(new Happening.PlacementAsked());
        }
    }

    private async Task<long> ReplaceAsync(Happening.PlacementAsked asked, CancellationToken cancellationToken)
    {
        _policy = asked.Policy ?? _policy;
        _placing.Looked();
        await _deployment.ReplaceAsync(_plan, _policy, asked.Wishes, cancellationToken).ConfigureAwait(false);
        return _heardFrame;
    }

    private async Task EndTurnAsync(Turned turned, CancellationToken cancellationToken)
    {
        if (_turning is { } asked)
        {
            await _deployment.EndTurnAsync(turned, cancellationToken).ConfigureAwait(false);
            _turning = null;
            asked.Done.TrySetResult(turned.Frame);
            await TakeHeldAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does what had to wait, as far as it need not any more.</summary>
    private async Task TakeHeldAsync(CancellationToken cancellationToken)
    {
        while (_held.TryPeek(out var held) && !IsHeld(held))
        {
            _held.Dequeue();
            await (held switch
            {
                Happening.ChangeAsked change => TakeAsync(HeldWith(change), cancellationToken),
                Happening.LiveAsked live => TurnAsync(live, cancellationToken),
                _ => TakeAsync(held, cancellationToken),
            }).ConfigureAwait(false);
        }
    }

    /// <summary>What had to wait and can be done in one go with a change, in order.</summary>
    private ImmutableArray<Happening.ChangeAsked> HeldWith(Happening.ChangeAsked first)
    {
        var together = ImmutableArray.CreateBuilder<Happening.ChangeAsked>();
        together.Add(first);
        while (_held.TryPeek(out var next) && first.GoesWith(next))
        {
            together.Add((Happening.ChangeAsked)_held.Dequeue());
        }

        return together.ToImmutable();
    }

    private Task AnnounceAsync(long knownBefore, CancellationToken cancellationToken) =>
        _deployment.AnnounceAsync(schedule.ExtendTo(knownBefore), knownBefore, cancellationToken);

    /// <summary>Makes changes in one go, puts them off until their frame is near, or refuses them.</summary>
    /// <param name="together">One, or some that go with each other.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    private async Task TakeAsync(ImmutableArray<Happening.ChangeAsked> together, CancellationToken cancellationToken)
    {
        if (together[0].NotBefore >= schedule.KnownBefore)
        {
            _ahead.AddRange(together);
            return;
        }

        ImmutableArray<Happening.ChangeAsked> possible = [.. together.Where(asked => !IsRefused(asked))];
        if (!possible.IsEmpty)
        {
            await DoAsync(possible, () => ChangeAsync([.. possible.Select(asked => asked.Change)], possible[0].NotBefore, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Does what somebody waits for, or refuses it.</summary>
    private async Task TakeAsync(Happening.Asked asked, CancellationToken cancellationToken)
    {
        if (!IsRefused(asked))
        {
            await DoAsync([asked], () => DoAsync(asked, cancellationToken)).ConfigureAwait(false);
        }
    }

    private bool IsRefused(Happening.Asked asked) =>
        FindFault(asked) is { } fault && asked.Done.TrySetException(new GraphException(GraphError.BadReference, fault));

    /// <summary>Does what some wait for, and tells them.</summary>
    private static async Task DoAsync(IReadOnlyCollection<Happening.Asked> waiting, Func<Task<long>> action)
    {
        try
        {
            var frame = await action().ConfigureAwait(false);
            foreach (var asked in waiting)
            {
                asked.Done.TrySetResult(frame);
            }
        }
        catch (Exception failure)
        {
            foreach (var asked in waiting)
            {
                asked.Done.TrySetException(failure);
            }

            throw;
        }
    }

    /// <summary>Makes changes: several are of parameters, and then only what hears these is rendered anew.</summary>
    private Task<long> ChangeAsync(ImmutableArray<PlayChange> changes, long notBefore, CancellationToken cancellationToken)
    {
        var sets = changes.OfType<PlayChange.SetParameter>().ToArray();
        return sets.Length > 0
            ? ReviseAsync(_deployment.Hearing(sets.Select(set => set.NodeId).ToHashSet()), notBefore, frame => schedule.Set(frame, sets), cancellationToken)
            : ReviseAsync(_deployment.Everything, notBefore, frame => schedule.Revise(frame, changes.Single()), cancellationToken);
    }

    private string? FindFault(Happening.Asked asked) => asked switch
    {
        Happening.ChangeAsked { Change: PlayChange.SetParameter set } => FindFault("change", set),
        Happening.GestureOpened { Session.Targets: var targets } => targets.Select(target => FindFault("gesture", new PlayChange.SetParameter(target.NodeId, target.Parameter, target.Minimum, target.IsRelative, 0))).FirstOrDefault(fault => fault is not null)
            ?? (_gestures.FindFault(targets) is { } busy ? $"The gesture {busy}." : null),
        _ => null,
    };

    private string? FindFault(string what, PlayChange.SetParameter set) =>
        EventValidation.FindFault(set.At(0, 0), _graph, processors) is { } fault ? $"The {what} {fault}." : null;

    private Task<long> DoAsync(Happening.Asked asked, CancellationToken cancellationToken) => asked switch
    {
        Happening.GestureOpened opened => ReviseAsync(
            _deployment.Hearing(opened.Session.Targets.Select(target => target.NodeId).ToHashSet()),
            0,
            frame =>
            {
                _gestures.Open(opened.Session, frame);
                return schedule.MadeFrom(frame);
            },
            cancellationToken),
        Happening.GestureClosed closed => CloseAsync(closed.Session, cancellationToken),
        Happening.PlacementAsked placement => ReplaceAsync(placement, cancellationToken),
        _ => throw new NotSupportedException($"Nobody knows what to do about {asked}."),
    };

    /// <summary>Changes what comes, from the earliest frame at which some subgraphs can be rendered anew in time.</summary>
    private Task<long> ReviseAsync(ImmutableArray<string> subgraphIds, long notBefore, Func<long, ImmutableArray<RenderEvent>> revise, CancellationToken cancellationToken)
    {
        _placing.Forget();
        return _deployment.ReviseAsync(new CutCommand(subgraphIds, notBefore, parts.ReactionFrames), DecideAsync, cancellationToken);

        async Task<Revision> DecideAsync(long frame)
        {
            if (frame >= schedule.KnownBefore)
            {
                // Pulse was held up for longer than it plans ahead.
                await AnnounceAsync(frame + Margin, cancellationToken).ConfigureAwait(false);
            }

            var events = revise(frame);
            return new Revision(events, schedule.KnownBefore, OpenGestures());
        }
    }

    private OpenGestures OpenGestures() => _gestures.Describe(_deployment.Hearing(_gestures.NodeIds));

    /// <summary>Tells what hands have moved, as what happens before a frame.</summary>
    private async Task MoveAsync(long knownBefore, CancellationToken cancellationToken)
    {
        if (!_gestures.IsEmpty && knownBefore > _gestures.KnownBefore)
        {
            var moves = _gestures.Advance(knownBefore, schedule);
            await _deployment.MoveAsync(
                [.. moves.Select(move => move.Event)],
                knownBefore,
                [.. moves.Select(move => new GestureValue(move.Stream.Id, move.Event.Frame, move.Event.Sequence, (int)move.Event.RampFrames, move.Event.Value!.Value))],
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<long> CloseAsync(GestureSession session, CancellationToken cancellationToken)
    {
        await MoveAsync(_gestures.Soon, cancellationToken).ConfigureAwait(false);
        var frame = _gestures.KnownBefore;
        _gestures.Close(session);
        await _deployment.TellGesturesAsync(OpenGestures(), cancellationToken).ConfigureAwait(false);
        return frame;
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
