using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;

namespace Loophole.Cluster.Sessions;

/// <summary>Where the steps of a session are to run: who may be given work, how fast everybody is, and what the partitioner makes of that. One caller at a time.</summary>
/// <param name="parts">What the session is made of.</param>
/// <param name="signals">Who takes part; may grow.</param>
/// <param name="host">The one at which everything converges.</param>
internal sealed class SessionPlacement(SessionParts parts, IReadOnlyCollection<RemoteSignal> signals, RemoteSignal host)
{
    /// <summary>Seconds of rendering that tell how fast a Signal is.</summary>
    private const double LeastMeasured = 0.02;

    private readonly Dictionary<RemoteSignal, double> _speeds = [];
    private ImmutableArray<PlacementRefusal> _refusals = [];
    private PreviousPlacement _placed = new(parts.Policy, ImmutableDictionary<string, PartitionOwner>.Empty, ImmutableDictionary<NodeId, double>.Empty);

    /// <summary>Where the user wants what.</summary>
    public PlacementWishes Wishes { get; set; } = parts.Wishes;

    /// <summary>Who may be given work: the host, and every satellite to which the project may go.</summary>
    public IEnumerable<RemoteSignal> Candidates => signals.Where(signal => !signal.IsLost && (signal == host || ObjectionTo(signal) is null));

    /// <summary>Places a plan.</summary>
    public PartitionPlan Place(GlobalPlan plan) => Partition(plan, parts.Policy, previous: null);

    /// <summary>Places a plan of which everything has its place by now.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="placed">Its subgraphs, where they are.</param>
    /// <param name="policy">How much leaves the host.</param>
    public PartitionPlan PlaceAgain(GlobalPlan plan, ImmutableArray<PlacedSubgraph> placed, DistributionPolicy policy)
    {
        var owners = placed.SelectMany(subgraph => subgraph.Plan.Steps.Select(step => KeyValuePair.Create(step.Id, new PartitionOwner(subgraph.Node, 0))));
        return Partition(plan, policy, _placed with { Owners = owners.ToImmutableDictionary() });
    }

    /// <summary>Who takes a subgraph over with least to do for how fast he is, of those who have its plugins; the host where nobody has; <see langword="null"/> when nobody is left.</summary>
    /// <param name="subgraph">The subgraph.</param>
    /// <param name="workOn">What a node has to do already.</param>
    public RemoteSignal? Successor(PlacedSubgraph subgraph, Func<NodeId, ImmutableArray<KindCost>> workOn)
    {
        var machines = Machines;
        var able = Candidates.Where(signal => subgraph.Plugins.All(plugin => signal.Plugins?.Contains(plugin) != false)).ToArray();
        return (able.Length > 0 ? able : Candidates.Where(signal => signal == host)).MinBy(signal => parts.Costs.Current.CostOf([.. workOn(signal.Description.Id), .. subgraph.Work], machines) / (signal.Description.Workers * SpeedOf(signal)));
    }

    /// <summary>Somebody is lost: if he comes again, he is new. What was planned for him does not count any more.</summary>
    public void Forget(NodeId lost) => _placed = _placed with { Loads = _placed.Loads.Remove(lost) };

    /// <summary>Takes note of what a Signal has done: how fast it has rendered what it has is how fast it is, and how long its subgraphs took against each other is what they cost.</summary>
    /// <param name="measured">What it has done.</param>
    /// <param name="workOf">What a subgraph costs by kind; nothing of one that there is not.</param>
    public void Measure(Happening.Measured measured, Func<string, ImmutableArray<KindCost>> workOf)
    {
        ImmutableArray<CostObservation> done =
        [
            .. measured.What.Subgraphs
                .Select(counts => (Audio: (double)counts.Frames / parts.Format.SampleRate, Work: workOf(counts.SubgraphId), counts.RenderSeconds))
                .Where(counts => counts.Audio > 0 && !counts.Work.IsEmpty)
                .Select(counts => new CostObservation([.. counts.Work.Select(part => part with { Cost = part.Cost * counts.Audio })], counts.RenderSeconds)),
        ];
        var seconds = done.Sum(subgraph => subgraph.Seconds);
        if (seconds < LeastMeasured)
        {
            return;
        }

        parts.Costs.Learn(MachineClass.Of(measured.Signal.Description.Hardware), done);
        var (costs, machines) = (parts.Costs.Current, Machines);
        var speed = Math.Clamp(done.Sum(subgraph => costs.CostOf(subgraph.Work, machines)) / seconds, 1, PartitionNode.MostSpeed);
        _speeds[measured.Signal] = _speeds.TryGetValue(measured.Signal, out var before) ? (before + speed) / 2 : speed;
    }

    /// <summary>Why Signals that are there were given nothing, and what else was not possible.</summary>
    public IEnumerable<string> Objections() => signals
        .Where(signal => signal != host)
        .Select(ObjectionTo)
        .OfType<string>()
        .Concat(_refusals.Select(refusal => refusal.Reason))
        .Distinct();

    private ImmutableArray<string> Machines => [.. Candidates.Select(signal => MachineClass.Of(signal.Description.Hardware))];

    private PartitionPlan Partition(GlobalPlan plan, DistributionPolicy policy, PreviousPlacement? previous)
    {
        var nodes = Candidates.ToArray();
        var placement = parts.Partitioner.Partition(new PartitionRequest
        {
            Graph = parts.Costs.Current.ApplyTo(plan, Machines).ToPartitionGraph(Wishes.PinsTo(nodes.Select(signal => signal.Description))),
            Nodes = [.. nodes.Select(NodeOf)],
            Policy = policy,
            Previous = previous,
        });
        _refusals = placement.Refusals;
        _placed = new PreviousPlacement(policy, ImmutableDictionary<string, PartitionOwner>.Empty, placement.Loads.ToImmutableDictionary(load => load.Node, load => load.Load));
        return placement;
    }

    private PartitionNode NodeOf(RemoteSignal signal) => new(signal.Description.Id, signal.Description.Workers, signal == host)
    {
        Name = signal.Description.Name,
        Speed = SpeedOf(signal),
        MemoryBytes = signal.Description.MemoryBytes,
        Plugins = signal.Plugins,
        RoundTrip = signal == host ? TimeSpan.Zero : signal.RoundTrip,
    };

    /// <summary>As measured on what it does; before it has done anything, as fast as the others. What it says itself was measured while it started, beside others that did, and is not proven.</summary>
    private double SpeedOf(RemoteSignal signal)
    {
        double[] known = _speeds.TryGetValue(signal, out var measured) ? [measured] : [.. _speeds.Where(other => !other.Key.IsLost).Select(other => other.Value).Order()];
        return known.Length == 0 ? PartitionNode.UnknownSpeed : known[known.Length / 2];
    }

    private string? ObjectionTo(RemoteSignal signal) =>
        Wishes.FindObjection(signal.Description.Name) ?? signal.FindObjection(parts.Project);
}
