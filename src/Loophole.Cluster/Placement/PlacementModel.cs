using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Loophole.Cluster.Placement;

/// <summary>A request in numbers, in an order of its own (by id), so that nothing depends on how it was listed. Costs are whole numbers, so that their sums do not depend on an order either.</summary>
internal sealed class PlacementModel
{
    /// <summary>What a crossing audio channel costs at each end, in the units of <see cref="PartitionUnit.Cost"/>.</summary>
    private const double CrossingCost = 0.5;

    private const double Scale = 1 << 16;

    /// <summary>More than is unavoidable by less than this is not worth anything else.</summary>
    private const double Tolerated = 0.02;

    private readonly int[] _listedUnit;
    private readonly int[] _listedNode;

    /// <exception cref="ArgumentException">The request is not as <see cref="IPartitioner"/> wants it.</exception>
    public PlacementModel(PartitionRequest request)
    {
        RequestRules.Check(request);
        Request = request;
        var graph = request.Graph;
        _listedUnit = Ordered(graph.Units.Length, (a, b) => string.CompareOrdinal(graph.Units[a].Id, graph.Units[b].Id));
        // Satellites first: at equal load the work leaves the host.
        _listedNode = Ordered(request.Nodes.Length, (a, b) => (request.Nodes[a].IsHost, request.Nodes[a].Id.Value).CompareTo((request.Nodes[b].IsHost, request.Nodes[b].Id.Value)));
        Units = [.. _listedUnit.Select(unit => graph.Units[unit])];
        Nodes = [.. _listedNode.Select(node => request.Nodes[node])];
        Costs = [.. Units.Select(unit => Math.Max(1, (long)Math.Round(unit.Cost * Scale)))];
        Capacities = [.. Nodes.Select(node => node.Speed * node.Workers * (1 - request.Headroom) * Scale)];
        var indexOf = new int[_listedUnit.Length];
        for (var unit = 0; unit < indexOf.Length; unit++)
        {
            indexOf[_listedUnit[unit]] = unit;
        }

        Topological = indexOf;
        (Signals, Made, Read) = SignalsOf(graph, indexOf);
        Limits = new PlacementLimits(this);
        BoundLoads = Unavoidable();
        LeastPeak = Math.Max(Costs.Sum() / Capacities.Sum(), BoundLoads.Max()) * (1 + Tolerated);
    }

    /// <summary>What was asked for.</summary>
    public PartitionRequest Request { get; }

    /// <summary>The units, in this model's order.</summary>
    public PartitionUnit[] Units { get; }

    /// <summary>The nodes, in this model's order: the host is the last one.</summary>
    public PartitionNode[] Nodes { get; }

    /// <summary>Index of the host.</summary>
    public int Host => Nodes.Length - 1;

    /// <summary>Cost of each unit.</summary>
    public long[] Costs { get; }

    /// <summary>What each node can take, in the units of <see cref="Costs"/>, with the headroom taken off.</summary>
    public double[] Capacities { get; }

    /// <summary>The units, each after all that it reads from.</summary>
    public int[] Topological { get; }

    /// <summary>Everything that a unit hands to others.</summary>
    public PlacementSignal[] Signals { get; }

    /// <summary>The signals that each unit makes.</summary>
    public int[][] Made { get; }

    /// <summary>The signals that each unit reads, every one once.</summary>
    public int[][] Read { get; }

    /// <summary>Where each unit may go.</summary>
    public PlacementLimits Limits { get; }

    /// <summary>Part of its capacity that each node is asked for by what can run nowhere else.</summary>
    public double[] BoundLoads { get; }

    /// <summary>A peak that is as good as any below it: what a node has to do by itself anyway, and a little more. Otherwise a host that is busy by itself would gather all else in one place, for one signal less that
    /// reaches it.</summary>
    public double LeastPeak { get; }

    /// <summary>What units add to a node's load at the least, wherever they come from: their cost, less all that they make or read and that would not cross there any more.</summary>
    public long LeastAdded(ReadOnlySpan<int> units)
    {
        var added = 0L;
        foreach (var unit in units)
        {
            added += Costs[unit];
            foreach (var signal in Made[unit])
            {
                added -= Signals[signal].Crossing;
            }

            foreach (var signal in Read[unit])
            {
                added -= Signals[signal].Crossing;
            }
        }

        return added;
    }

    /// <summary>Puts what is by this model's units into the order in which they were listed.</summary>
    public ImmutableArray<T> Listed<T>(Func<int, T> ofUnit)
    {
        var listed = new T[_listedUnit.Length];
        for (var unit = 0; unit < listed.Length; unit++)
        {
            listed[_listedUnit[unit]] = ofUnit(unit);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(listed);
    }

    /// <summary>Puts what is by this model's nodes into the order in which they were listed.</summary>
    public ImmutableArray<T> ListedNodes<T>(Func<int, T> ofNode)
    {
        var listed = new T[_listedNode.Length];
        for (var node = 0; node < listed.Length; node++)
        {
            listed[_listedNode[node]] = ofNode(node);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(listed);
    }

    private double[] Unavoidable()
    {
        var cost = new double[Nodes.Length];
        for (var unit = 0; unit < Units.Length; unit++)
        {
            if (Limits.IsBound(unit))
            {
                var node = 0;
                while (!Limits.Allows(unit, node))
                {
                    node++;
                }

                cost[node] += Costs[unit];
            }
        }

        return [.. cost.Zip(Capacities, (bound, capacity) => bound / capacity)];
    }

    private static int[] Ordered(int count, Comparison<int> order)
    {
        int[] indexes = [.. Enumerable.Range(0, count)];
        Array.Sort(indexes, order);
        return indexes;
    }

    private static (PlacementSignal[] Signals, int[][] Made, int[][] Read) SignalsOf(PartitionGraph graph, int[] indexOf)
    {
        var number = new Dictionary<(int From, int Signal), int>();
        var signals = new List<(int Maker, int AudioChannels, SortedSet<int> Readers)>();
        foreach (var edge in graph.Edges)
        {
            if (!number.TryGetValue((edge.From, edge.Signal), out var at))
            {
                number.Add((edge.From, edge.Signal), at = signals.Count);
                signals.Add((indexOf[edge.From], 0, []));
            }

            signals[at] = signals[at] with { AudioChannels = Math.Max(signals[at].AudioChannels, edge.AudioChannels) };
            signals[at].Readers.Add(indexOf[edge.To]);
        }

        PlacementSignal[] made = [.. signals.Select(signal => new PlacementSignal(signal.Maker, signal.AudioChannels, (long)(CrossingCost * signal.AudioChannels * Scale), [.. signal.Readers]))];
        return (made, By(signal => [made[signal].Maker]), By(signal => made[signal].Readers));

        int[][] By(Func<int, int[]> units)
        {
            var found = new List<int>[indexOf.Length];
            for (var signal = 0; signal < made.Length; signal++)
            {
                foreach (var unit in units(signal))
                {
                    (found[unit] ??= []).Add(signal);
                }
            }

            return [.. found.Select(list => list?.ToArray() ?? [])];
        }
    }
}
