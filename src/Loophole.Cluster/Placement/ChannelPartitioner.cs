using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>Places whole Channels: heaviest first onto the least loaded worker, what joins them on the host or where most of it comes from, inserts wherever there is least to do.</summary>
/// <remarks>Units that feed only one other unit are first contracted into it as long as the result stays small against a worker's share, so
/// that a bus crosses a link as a few partial sums and not as all its Channels.</remarks>
public sealed class ChannelPartitioner : IPartitioner
{
    /// <summary>A contracted unit is at most a worker's fair share divided by this, so that the load can still be balanced.</summary>
    private const int PiecesPerWorker = 4;

    /// <summary>What a crossing audio channel costs at each end, in the units of <see cref="PartitionUnit.Cost"/> (a stereo fader is 1).</summary>
    private const double CrossingCost = 0.5;

    /// <inheritdoc/>
    public PartitionPlan Partition(PartitionGraph graph, ImmutableArray<PartitionNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (nodes.Count(node => node.IsHost) != 1)
        {
            throw new ArgumentException("Exactly one node is the host.", nameof(nodes));
        }

        if (graph.Edges.Any(edge => edge.From >= edge.To))
        {
            throw new ArgumentException("Every edge goes to a higher index.", nameof(graph));
        }

        var host = new PartitionOwner(nodes.Single(node => node.IsHost).Id, 0);
        // Satellites first: at equal load the work leaves the host.
        PartitionOwner[] workers = [.. nodes.OrderBy(node => node.IsHost).SelectMany(node => Enumerable.Range(0, node.Workers).Select(worker => new PartitionOwner(node.Id, worker)))];
        if (workers.Length == 0)
        {
            workers = [host];
        }

        var offloadable = graph.Units.Where(unit => !unit.IsHostOnly).Sum(unit => unit.Cost);
        var pieces = UnitContraction.Contract(graph, offloadable / workers.Length / PiecesPerWorker);
        var load = workers.ToDictionary(worker => worker, _ => 0.0);
        load.TryAdd(host, 0);
        var owner = new PartitionOwner?[pieces.Count];
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            if (pieces[piece].IsHostOnly)
            {
                Assign(piece, host);
            }
        }

        foreach (var piece in Enumerable.Range(0, pieces.Count).Where(p => owner[p] is null && pieces[p].Feeders.Count == 0).OrderByDescending(p => pieces[p].Cost).ThenBy(p => p))
        {
            Assign(piece, workers.MinBy(worker => load[worker]));
        }

        foreach (var piece in Enumerable.Range(0, pieces.Count).Where(p => owner[p] is null))
        {
            // Pieces are in topological order, so every feeder has its place by now. What may leave the host although it is fed by what may not is an insert: it is no nearer to one than to another.
            var near = pieces[piece].Feeders.Any(feeder => pieces[feeder.Piece].IsHostOnly)
                ? workers
                : pieces[piece].Feeders.Select(feeder => owner[feeder.Piece]!.Value).Append(host).Distinct();
            Assign(piece, near.MinBy(worker => load[worker] + pieces[piece].Cost + (CrossingCost * pieces[piece].Feeders.Sum(feeder => Crossing(owner[feeder.Piece]!.Value, worker) * feeder.AudioChannels))));
        }

        var owners = new PartitionOwner[graph.Units.Length];
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            foreach (var unit in pieces[piece].Units)
            {
                owners[unit] = owner[piece]!.Value;
            }
        }

        return new PartitionPlan([.. owners]);

        void Assign(int piece, PartitionOwner worker)
        {
            owner[piece] = worker;
            load[worker] += pieces[piece].Cost;
        }

        // Hub and spoke: between two satellites a signal crosses twice.
        int Crossing(PartitionOwner from, PartitionOwner to) =>
            from.Node == to.Node ? 0 : from.Node == host.Node || to.Node == host.Node ? 1 : 2;
    }
}
