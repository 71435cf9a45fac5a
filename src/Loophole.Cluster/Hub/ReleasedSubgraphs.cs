using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Hub;

/// <summary>Subgraphs that were taken from their nodes, with what they had come to, until others go on from that. One caller at a time.</summary>
internal sealed class ReleasedSubgraphs
{
    private readonly Dictionary<string, (SubgraphRoute Route, long Position, byte[] Checkpoint)> _released = [];

    /// <summary>Keeps what a subgraph has come to.</summary>
    public CheckpointPosition Keep(SubgraphRoute route, CheckpointStore checkpoints)
    {
        var (position, checkpoint) = checkpoints.Of(route.SubgraphId).Newest();
        _released[route.SubgraphId] = (route, position, checkpoint);
        return new CheckpointPosition(route.SubgraphId, position);
    }

    /// <summary>Lets another subgraph begin with it.</summary>
    /// <returns>The checkpoint; <see langword="null"/> when this was not taken from its node.</returns>
    /// <exception cref="ControlException">It has come to another frame.</exception>
    public ReadOnlyMemory<byte>? Begin(PlacedRoute placed, CheckpointStore checkpoints)
    {
        if (!_released.TryGetValue(placed.Before, out var released))
        {
            return null;
        }

        if (released.Position != placed.Route.StartFrame)
        {
            throw new ControlException("badPlace", $"Subgraph {placed.Route.SubgraphId} cannot begin at frame {placed.Route.StartFrame}: {placed.Before} has come to {released.Position}.");
        }

        checkpoints.Of(placed.Route.SubgraphId).Begin(released.Position, released.Checkpoint);
        return released.Checkpoint;
    }

    /// <summary>Lets what they have read go, now that whoever goes on from them reads it: until then it had to be kept.</summary>
    public void Forget(ImmutableDictionary<int, HubSignal> signals)
    {
        foreach (var (id, released) in _released)
        {
            foreach (var input in released.Route.Inputs)
            {
                signals[input.SignalId].Remove(id);
            }
        }

        _released.Clear();
    }
}
