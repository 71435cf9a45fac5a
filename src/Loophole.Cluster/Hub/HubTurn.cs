using System.Collections.Concurrent;
using System.Collections.Immutable;
using Loophole.Cluster.Live;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Signals;

namespace Loophole.Cluster.Hub;

/// <summary>The host's part in letting something else be live: what each retired subgraph has come to, and the turn itself. One turn at a time; commands come one at a time.</summary>
internal sealed class HubTurn(RenderNode node, CheckpointStore checkpoints, IHubEvents events, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, (long Position, byte[] Checkpoint)> _left = [];
    private LiveTurn? _turn;
    private volatile bool _hasTurned;
    private long _leftFrame;

    /// <summary>From this frame on what has left can be changed. [control]</summary>
    public long LeftFrame => Volatile.Read(ref _leftFrame);

    /// <summary>Begins a turn.</summary>
    /// <param name="command">What is asked for.</param>
    /// <param name="playing">What plays.</param>
    /// <param name="signals">Every signal there is; what the turn makes is in it.</param>
    /// <param name="format">What the session agrees on.</param>
    /// <exception cref="ControlException">The plan of a retired subgraph cannot be rendered here.</exception>
    public TurnBegun Begin(TurnCommand command, Playing playing, ImmutableDictionary<int, HubSignal> signals, SessionFormat format)
    {
        Dispose();
        _hasTurned = false;
        _left.Clear();
        var next = command.HasLive ? node.Live : null;
        var retired = command.Retired.Select(plan => MakeRetired(plan, playing, signals, format)).ToImmutableArray();
        var leaving = command.Leaving is { } plan ? new HubBridge(node.MakeBridge(plan, format), signals) : null;
        var parts = playing.Prepare(next, signals);
        HashSet<int> own = [.. command.Leaving?.Outputs.Select(signal => signal.Id) ?? []];
        var read = (next?.Plan.Inputs ?? []).Where(playing.IsRenderedAhead).Concat(command.Leaving?.Inputs ?? []).Select(signal => signal.Id).Where(signals.ContainsKey).Except(own);
        var from = playing.Live;
        _turn = new LiveTurn(
            new LiveTurnParts(playing, parts, retired, leaving, [.. read.Select(id => signals[id])], format.BlockFrames, () => node.KnownBefore, Drop),
            time,
            (turned, checkpoint) =>
            {
                if (from is not null)
                {
                    node.Retire(from);
                }

                if (leaving is not null)
                {
                    _left[leaving.Runner.Id] = (turned.LeavingFrame, checkpoint.ToArray());
                }

                Volatile.Write(ref _leftFrame, turned.LeavingFrame);
                _hasTurned = true;
                events.Turned(turned);
            },
            failure => events.Failed(new RenderingFailed($"What is live could not be changed: {failure.Message}")));
        return new TurnBegun([.. command.Retired.Select(plan => new CheckpointPosition(plan.Id, _left[plan.Id].Position))]);
    }

    /// <summary>Whether it has not turned yet.</summary>
    public bool IsUnderWay => _turn is not null && !_hasTurned;

    /// <summary>Lets a subgraph begin with what another has come to.</summary>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="ControlException">Nothing is left of the other, or it has come to another frame.</exception>
    public ReadOnlyMemory<byte> Place(PlacedRoute placed)
    {
        if (!_left.TryGetValue(placed.Before, out var left) || left.Position != placed.Route.StartFrame)
        {
            throw new ControlException("badPlace", $"Subgraph {placed.Route.SubgraphId} cannot begin at frame {placed.Route.StartFrame} with what {placed.Before} has come to.");
        }

        checkpoints.Of(placed.Route.SubgraphId).Begin(left.Position, left.Checkpoint);
        return left.Checkpoint;
    }

    /// <summary>Ends a turn where it is; what the host still rendered of what has left, its node does.</summary>
    public void Dispose() => Interlocked.Exchange(ref _turn, null)?.Dispose();

    private HubBridge MakeRetired(SubgraphPlan plan, Playing playing, ImmutableDictionary<int, HubSignal> signals, SessionFormat format)
    {
        // What is heard by now never changes, and the store has a checkpoint before it.
        var (position, checkpoint) = _left[plan.Id] = checkpoints.Of(plan.Id).NewestUpTo(playing.Feed.Playhead);
        var bridge = new HubBridge(node.MakeBridge(plan, format), signals);
        bridge.Begin(position, checkpoint);
        return bridge;
    }

    private void Drop(HubBridge bridge)
    {
        bridge.Leave();
        node.DropBridge(bridge.Runner);
    }
}
