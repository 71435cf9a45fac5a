using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Tests.Placement;

/// <summary>Tries every placement that keeps host-only work on the host and could be better than the best one found so far.</summary>
internal sealed class BruteForce
{
    private readonly PartitionRequest _request;
    private readonly int _host;
    private readonly int[] _nodes;
    private readonly (int Maker, double Cost, int[] Readers)[] _signals;
    private double _best;

    private BruteForce(PartitionRequest request, double known)
    {
        (_request, _best) = (request, known);
        _host = request.Nodes.IndexOf(request.Nodes.Single(node => node.IsHost));
        _nodes = new int[request.Graph.Units.Length];
        Array.Fill(_nodes, -1);
        _signals = [.. request.Graph.Edges.GroupBy(edge => (edge.From, edge.Signal)).Select(signal => (signal.Key.From, 0.5 * signal.Max(edge => edge.AudioChannels), signal.Select(edge => edge.To).ToArray()))];
    }

    /// <summary>The least that the busiest node can have to do.</summary>
    /// <param name="request">What is placed.</param>
    /// <param name="known">A peak that is possible.</param>
    public static double Optimum(PartitionRequest request, double known)
    {
        var search = new BruteForce(request, known);
        search.Try(0);
        return search._best;
    }

    private void Try(int unit)
    {
        // Whoever is not placed yet can only add to it.
        var peak = Peak();
        if (peak >= _best)
        {
            return;
        }

        if (unit == _nodes.Length)
        {
            _best = peak;
            return;
        }

        for (var node = 0; node < _request.Nodes.Length; node++)
        {
            if (!_request.Graph.Units[unit].IsHostOnly || node == _host)
            {
                _nodes[unit] = node;
                Try(unit + 1);
                _nodes[unit] = -1;
            }
        }
    }

    private double Peak()
    {
        Span<double> loads = stackalloc double[_request.Nodes.Length];
        for (var unit = 0; unit < _nodes.Length && _nodes[unit] >= 0; unit++)
        {
            loads[_nodes[unit]] += _request.Graph.Units[unit].Cost;
        }

        foreach (var (maker, cost, readers) in _signals)
        {
            var (from, seen, leaves) = (_nodes[maker], 0, false);
            foreach (var reader in readers)
            {
                var to = _nodes[reader];
                if (from < 0 || to < 0 || to == from || (seen & (1 << to)) != 0)
                {
                    continue;
                }

                seen |= 1 << to;
                leaves = true;
                if (to != _host)
                {
                    loads[_host] += cost;
                    loads[to] += cost;
                }
            }

            if (leaves && from != _host)
            {
                loads[from] += cost;
                loads[_host] += cost;
            }
        }

        var peak = 0.0;
        for (var node = 0; node < loads.Length; node++)
        {
            peak = Math.Max(peak, loads[node] / (_request.Nodes[node].Speed * _request.Nodes[node].Workers));
        }

        return peak;
    }
}
