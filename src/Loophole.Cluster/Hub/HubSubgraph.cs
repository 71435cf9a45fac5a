using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Rings;
using Loophole.Cluster.State;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Hub;

/// <summary>A subgraph on its node's link, under one assignment.</summary>
internal sealed class HubSubgraph
{
    private readonly SubgraphRoute _route;
    private readonly SessionFormat _format;
    private readonly CheckpointStore _checkpoints;
    private readonly CheckpointTrail _trail;
    private readonly long _concealedBefore;
    private long _offered;

    public HubSubgraph(SubgraphRoute route, SessionFormat format, IReadOnlyDictionary<int, HubSignal> signals, CheckpointStore checkpoints, LinkPump pump)
    {
        (_route, _format, _checkpoints, _offered) = (route, format, checkpoints, route.StartFrame);
        _trail = checkpoints.Of(route.SubgraphId);
        _trail.Assign(route.Epoch);
        Outputs = [.. route.Outputs.Select(stream => new HubProducer(this, signals[stream.SignalId], stream.StreamId, route.StartFrame))];
        Inputs = [.. route.Inputs.Select(stream => new HubConsumer(route.SubgraphId, signals[stream.SignalId], stream.StreamId, route.StartFrame, format.BlockFrames, pump, Meter))];
        _concealedBefore = Concealed;
    }

    /// <summary>What crosses the link for it. [any]</summary>
    public LinkMeter Meter { get; } = new();

    public ImmutableArray<HubProducer> Outputs { get; }

    public ImmutableArray<HubConsumer> Inputs { get; }

    public string Id => _route.SubgraphId;

    /// <summary>Whether what it makes is waited for in real time. [any]</summary>
    public bool IsRealTime => Inputs.Any(static input => input.IsRealTime);

    private long Concealed => Outputs.Sum(output => output.Signal.Gaps.Frames);

    /// <summary>What was counted so far, and by how much it was ahead since the last call. [control]</summary>
    public LinkCounts TakeCounts()
    {
        // What has not come is ahead by less and less, and nobody is told when it comes to nothing.
        long?[] ahead = [Meter.TakeLeast(), .. Outputs.Select(output => output.Signal.Ring.WriteFrame is var due && due < _format.EndFrame ? output.Signal.AheadOf(due) : null)];
        return new LinkCounts(
            _route.Node,
            _route.SubgraphId,
            _route.Epoch,
            Meter.BlocksReceived,
            Meter.BytesReceived,
            Meter.BlocksSent,
            Meter.BytesSent,
            Meter.LateBlocks,
            Concealed - _concealedBefore,
            Outputs.Min(output => output.CreditFrames),
            Outputs[0].Signal.PlayheadFrame - _trail.NewestFrame,
            ahead.Min(),
            Outputs.Min(output => output.Signal.MostAhead));
    }

    /// <summary>Whether a state message is of this assignment.</summary>
    public bool Owns(StateMessage message) => message.SubgraphId == _route.SubgraphId && message.Epoch == _route.Epoch;

    /// <summary>Takes a checkpoint from the node. [state receiver]</summary>
    /// <exception cref="TransportException">There can be none at that frame.</exception>
    public void Offer(StateMessage saved)
    {
        if (saved.Position < _offered + _format.CheckpointFrames || saved.Position >= _format.EndFrame || saved.Position % _format.BlockFrames != 0)
        {
            throw new TransportException(TransportError.ProtocolViolation, $"A checkpoint of {_route.SubgraphId} at frame {saved.Position}, after one at {_offered}, cannot be.");
        }

        _offered = saved.Position;
        _trail.Offer(_route.Epoch, saved.Position, saved.Checkpoint.Span);
        Settle();
    }

    /// <summary>Audio or a checkpoint arrived, or the playhead moved: keeps the checkpoint if all the audio before it is there, and then frees the inputs that no
    /// checkpoint needs. [receiver, state receiver, output loop]</summary>
    public void Settle()
    {
        var arrived = long.MaxValue;
        foreach (var output in Outputs)
        {
            arrived = Math.Min(arrived, output.Signal.Ring.WriteFrame);
        }

        // Kept first, released second: what is released is never needed for what is kept.
        var needed = _trail.Settle(_route.Epoch, arrived, _checkpoints.Floor);
        foreach (var input in Inputs)
        {
            if (input.Release(needed))
            {
                input.Signal.RingProducer();
            }
        }
    }
}
