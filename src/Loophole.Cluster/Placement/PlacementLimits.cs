using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>Where each unit may go, and why not elsewhere. Everything may go to the host, which has to put up with it.</summary>
internal sealed class PlacementLimits
{
    private readonly PlacementModel _model;
    private readonly int[] _kinds;
    private readonly List<bool[]> _nodes = [];
    private readonly List<bool> _isBound = [];
    private readonly List<string> _restrictions = [];
    private readonly ImmutableArray<PlacementRefusal>.Builder _refusals = ImmutableArray.CreateBuilder<PlacementRefusal>();

    public PlacementLimits(PlacementModel model)
    {
        _model = model;
        _refusals.AddRange(model.Nodes.Where(node => node.Exclusion is not null).Select(node => new PlacementRefusal(null, node.Id, $"{node.Name} is given nothing: {node.Exclusion}.")));
        var known = new Dictionary<string, int>();
        _kinds = new int[model.Units.Length];
        for (var unit = 0; unit < _kinds.Length; unit++)
        {
            var (nodes, restriction) = Of(unit);
            var key = $"{string.Concat(nodes.Select(may => may ? '1' : '0'))}{restriction}";
            if (!known.TryGetValue(key, out _kinds[unit]))
            {
                known.Add(key, _kinds[unit] = known.Count);
                _nodes.Add(nodes);
                _isBound.Add(nodes.Count(may => may) == 1);
                _restrictions.Add(restriction);
            }
        }
    }

    /// <summary>What was not possible.</summary>
    public ImmutableArray<PlacementRefusal> Refusals => _refusals.ToImmutable();

    /// <summary>Units of one kind may go to the same nodes, for the same reason.</summary>
    public int KindOf(int unit) => _kinds[unit];

    /// <summary>Whether there is only one node to which a unit may go.</summary>
    public bool IsBound(int unit) => _isBound[_kinds[unit]];

    /// <summary>Whether a unit may go to a node.</summary>
    public bool Allows(int unit, int node) => _nodes[_kinds[unit]][node];

    /// <summary>Why it may not go everywhere, in words; empty where it may.</summary>
    public string RestrictionOf(int unit) => _restrictions[_kinds[unit]];

    private (bool[] Nodes, string Restriction) Of(int index)
    {
        var unit = _model.Units[index];
        if (_model.Request.Policy == DistributionPolicy.Off)
        {
            return (Only(_model.Host), OnHost(unit, "distribution is off"));
        }

        if (unit.IsHostOnly)
        {
            if (unit.PinnedTo is { } wanted && wanted != _model.Nodes[_model.Host].Id)
            {
                Refuse(unit, wanted, $"it is pinned elsewhere, but {unit.HostReason}");
            }

            return (Only(_model.Host), OnHost(unit, unit.HostReason));
        }

        bool[] may = [.. _model.Nodes.Select(node => node.IsHost || Objection(unit, node) is null)];
        if (unit.PinnedTo is { } pinned)
        {
            var at = Array.FindIndex(_model.Nodes, node => node.Id == pinned);
            if (at >= 0 && may[at])
            {
                var reason = $"it is pinned to {_model.Nodes[at].Name}";
                return (Only(at), at == _model.Host ? OnHost(unit, reason) : reason);
            }

            Refuse(unit, pinned, at < 0 ? "the node it is pinned to is not there" : $"it is pinned there, but {Objection(unit, _model.Nodes[at])}");
        }

        return (may, Restriction(unit, may));
    }

    /// <summary>Notes why a unit may not go to nodes that are not excluded altogether.</summary>
    private string Restriction(PartitionUnit unit, bool[] may)
    {
        var reasons = new List<string>();
        for (var node = 0; node < may.Length; node++)
        {
            if (!may[node] && _model.Nodes[node].Exclusion is null)
            {
                reasons.Add(Objection(unit, _model.Nodes[node])!);
                Refuse(unit, _model.Nodes[node].Id, reasons[^1]);
            }
        }

        // What nobody has is missing on the host as well: it stays there, where the project keeps its place.
        var missing = MissingOnHost(unit).ToArray();
        if (missing.Length > 0 && may.Count(allowed => allowed) > 1)
        {
            may[_model.Host] = false;
        }

        return string.Join(", ", reasons.Concat(missing).Distinct());
    }

    /// <summary>Notes which plugins it does without on the host, where it has to be.</summary>
    private string OnHost(PartitionUnit unit, string reason) => string.Join(", ", MissingOnHost(unit).Prepend(reason));

    private IEnumerable<string> MissingOnHost(PartitionUnit unit)
    {
        var host = _model.Nodes[_model.Host];
        foreach (var plugin in unit.Plugins.Where(plugin => Lacks(host, plugin)))
        {
            var reason = $"{host.Name} has no {plugin}";
            Refuse(unit, host.Id, reason);
            yield return reason;
            if (_model.Nodes.All(node => node.Exclusion is not null || Lacks(node, plugin)))
            {
                reason = $"{plugin} is missing everywhere: audio passes through";
                Refuse(unit, null, reason);
                yield return reason;
            }
        }
    }

    private static string? Objection(PartitionUnit unit, PartitionNode node) =>
        node.Exclusion is { } excluded ? excluded
        : unit.Plugins.FirstOrDefault(plugin => Lacks(node, plugin)) is { } plugin ? $"{node.Name} has no {plugin}"
        : unit.LongestRoundTrip < node.RoundTrip ? $"it may be away for {unit.LongestRoundTrip.Value.TotalMilliseconds:0.##} ms, and {node.Name} is {node.RoundTrip.TotalMilliseconds:0.##} ms away"
        : node.MemoryBytes > 0 && unit.MemoryBytes > node.MemoryBytes ? $"{node.Name} has too little memory"
        : null;

    private static bool Lacks(PartitionNode node, string plugin) => node.Plugins?.Contains(plugin) == false;

    private bool[] Only(int node) => [.. Enumerable.Range(0, _model.Nodes.Length).Select(at => at == node)];

    private void Refuse(PartitionUnit unit, Nodes.NodeId? node, string why) => _refusals.Add(new PlacementRefusal(unit.Id, node, $"\"{unit.Id}\": {why}."));
}
