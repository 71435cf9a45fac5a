using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;

namespace Loophole.Cluster.Sessions;

/// <summary>Where every subgraph of a session runs, under which epoch, and which streams carry its signals. One caller at a time.</summary>
internal sealed class SessionRoutes
{
    private readonly Dictionary<string, (PlacedSubgraph Subgraph, SubgraphRoute Route)> _routes = [];
    private ImmutableArray<string> _order = [];
    private int _epoch;
    private int _streams;

    /// <summary>What is rendered in the audio callback, or <see langword="null"/>. It has no route: it reads where everything converges.</summary>
    public PlacedSubgraph? Live { get; private set; }

    /// <summary>Every route, in the order of the subgraphs.</summary>
    public ImmutableArray<SubgraphRoute> All => [.. _order.Select(id => _routes[id].Route)];

    /// <summary>Forgets what was, and routes these. Epochs and stream numbers are never used again.</summary>
    public void Assign(ImmutableArray<PlacedSubgraph> subgraphs)
    {
        _epoch++;
        _routes.Clear();
        Live = subgraphs.SingleOrDefault(subgraph => subgraph.Pace == RenderPace.Live);
        subgraphs = subgraphs.RemoveAll(subgraph => subgraph.Pace == RenderPace.Live);
        foreach (var subgraph in subgraphs)
        {
            _routes.Add(subgraph.Plan.Id, (subgraph, new SubgraphRoute(subgraph.Plan.Id, subgraph.Node.Value, _epoch, 0, Streams(subgraph.Plan.Inputs), Streams(subgraph.Plan.Outputs))));
        }

        _order = [.. subgraphs.Select(subgraph => subgraph.Plan.Id)];
    }

    /// <summary>Every subgraph, where it is now.</summary>
    public ImmutableArray<PlacedSubgraph> Placed =>
        [.. _order.Select(id => _routes[id].Subgraph with { Node = new NodeId(_routes[id].Route.Node) }), .. Live is null ? ImmutableArray<PlacedSubgraph>.Empty : [Live]];

    /// <summary>Forgets subgraphs that there are no more, and takes note of what is live now.</summary>
    public void Turn(PlanTurn turn)
    {
        Retire(turn.Retired);
        Live = turn.Live;
    }

    /// <summary>Forgets subgraphs that there are no more.</summary>
    public void Retire(ImmutableArray<PlacedSubgraph> subgraphs)
    {
        foreach (var retired in subgraphs)
        {
            _routes.Remove(retired.Plan.Id);
            _order = _order.Remove(retired.Plan.Id);
        }
    }

    /// <summary>Routes a subgraph that there was not before.</summary>
    public SubgraphRoute Add(PlacedSubgraph subgraph, long startFrame)
    {
        var route = new SubgraphRoute(subgraph.Plan.Id, subgraph.Node.Value, ++_epoch, startFrame, Streams(subgraph.Plan.Inputs), Streams(subgraph.Plan.Outputs));
        _routes.Add(subgraph.Plan.Id, (subgraph, route));
        _order = _order.Add(subgraph.Plan.Id);
        return route;
    }

    /// <summary>Every subgraph, under which epoch and where it is rendered; what is live under none, so 0.</summary>
    public IEnumerable<(SubgraphPlan Plan, int Epoch, NodeId Node)> Assignments => _routes.Values
        .Select(entry => (entry.Subgraph.Plan, entry.Route.Epoch, new NodeId(entry.Route.Node)))
        .Concat(Live is { } live ? [(live.Plan, 0, live.Node)] : []);

    /// <summary>The subgraphs on a node now.</summary>
    public IEnumerable<(PlacedSubgraph Subgraph, SubgraphRoute Route)> On(NodeId node) =>
        _order.Select(id => _routes[id]).Where(entry => entry.Route.Node == node.Value);

    /// <summary>What everything on a node now costs by kind.</summary>
    public ImmutableArray<KindCost> WorkOn(NodeId node) => KindCost.Together(On(node).SelectMany(entry => entry.Subgraph.Work));

    /// <summary>What a subgraph costs by kind; nothing of one that there is not.</summary>
    public ImmutableArray<KindCost> WorkOf(string subgraphId) => _routes.TryGetValue(subgraphId, out var entry) ? entry.Subgraph.Work : [];

    /// <summary>The Channels of a subgraph, by their id; of one that only sums, those that it sums. None of one that there is not.</summary>
    public ImmutableArray<string> ChannelsOf(string subgraphId)
    {
        if (!_routes.TryGetValue(subgraphId, out var entry))
        {
            return [];
        }

        var summed = entry.Subgraph.Plan.Inputs.Select(signal => signal.Id).ToHashSet();
        return entry.Subgraph.ChannelIds is { IsEmpty: false } own
            ? own
            : [.. _routes.Values.Where(other => other.Route.Outputs.Any(stream => summed.Contains(stream.SignalId))).SelectMany(other => ChannelsOf(other.Route.SubgraphId)).Distinct()];
    }

    /// <summary>Every subgraph.</summary>
    public ImmutableArray<string> Everything => Live is { } live ? _order.Add(live.Plan.Id) : _order;

    private IEnumerable<string> Ahead => _order.Where(id => _routes[id].Subgraph.Pace == RenderPace.Ahead);

    private IEnumerable<string> Inserts => _order.Where(id => _routes[id].Subgraph.Pace == RenderPace.Insert);

    /// <summary>Those of some subgraphs that have rendered, or may render, what is not heard yet. Inserts have not, but what they hear is held in their place.</summary>
    public ImmutableArray<string> ToCut(ImmutableArray<string> subgraphIds) => [.. subgraphIds.Except(Inserts)];

    /// <summary>The subgraphs that hold Nodes of the graph, and all that hear them; what is live only if it, or an insert of it, holds one, as nothing of it is rendered before it is heard.</summary>
    public ImmutableArray<string> Hearing(IReadOnlySet<string> nodeIds)
    {
        var affected = Ahead.Where(id => Holds(_routes[id].Subgraph, nodeIds)).ToHashSet();
        int before;
        do
        {
            before = affected.Count;
            var changed = affected.SelectMany(id => _routes[id].Route.Outputs).Select(stream => stream.SignalId).ToHashSet();
            affected.UnionWith(Ahead.Where(id => _routes[id].Route.Inputs.Any(stream => changed.Contains(stream.SignalId))));
        }
        while (affected.Count > before);
        affected.UnionWith(Inserts.Where(id => Holds(_routes[id].Subgraph, nodeIds)));
        ImmutableArray<string> hearing = [.. _order.Where(affected.Contains)];
        return Live is { } live && (Holds(live, nodeIds) || Inserts.Any(affected.Contains)) ? hearing.Add(live.Plan.Id) : hearing;
    }

    /// <summary>Lets a subgraph go on from a frame, on a node, under a new epoch and with new streams.</summary>
    public SubgraphRoute Move(string subgraphId, NodeId node, long startFrame)
    {
        var entry = _routes[subgraphId];
        var route = new SubgraphRoute(subgraphId, node.Value, ++_epoch, startFrame, Streams(entry.Subgraph.Plan.Inputs), Streams(entry.Subgraph.Plan.Outputs));
        _routes[subgraphId] = (entry.Subgraph, route);
        return route;
    }

    private static bool Holds(PlacedSubgraph subgraph, IReadOnlySet<string> nodeIds) =>
        subgraph.Plan.Steps.OfType<ChannelStep>().Any(step => step.Nodes.Any(node => nodeIds.Contains(node.Node.Id)));

    private ImmutableArray<StreamRoute> Streams(ImmutableArray<PlanSignal> signals) =>
        [.. signals.Select(signal => new StreamRoute(signal.Id, signal.AudioChannels, _streams++))];
}
