namespace Loophole.Cluster.Placement;

/// <summary>Units on nodes, and what that costs each node. Units may be put somewhere and taken away again, in any order.</summary>
/// <remarks>Audio goes by way of the host. So a signal that is read elsewhere leaves its maker's node once, reaches the host, and leaves that once for each other node that reads it; everybody pays for what
/// they send and for what they receive, and what goes from one satellite to another is paid twice.</remarks>
internal sealed class Assignment
{
    public const int Nowhere = -1;

    private readonly PlacementModel _model;
    private readonly bool _isHostOpen;
    private readonly int[] _nodeOf;
    private readonly int[] _readers;
    private readonly int[] _leaving;
    private readonly long[] _loads;
    private readonly long[] _memory;
    private readonly int[] _units;

    /// <param name="model">What is placed.</param>
    /// <param name="isHostOpen">Whether the host takes what may go elsewhere too.</param>
    public Assignment(PlacementModel model, bool isHostOpen)
    {
        (_model, _isHostOpen) = (model, isHostOpen);
        _nodeOf = new int[model.Units.Length];
        Array.Fill(_nodeOf, Nowhere);
        _readers = new int[model.Signals.Length * model.Nodes.Length];
        _leaving = new int[model.Signals.Length];
        _loads = new long[model.Nodes.Length];
        _memory = new long[model.Nodes.Length];
        _units = new int[model.Nodes.Length];
    }

    /// <summary>What is placed.</summary>
    public PlacementModel Model => _model;

    /// <summary>Where a unit is, or <see cref="Nowhere"/>.</summary>
    public int NodeOf(int unit) => _nodeOf[unit];

    /// <summary>How many units a node has.</summary>
    public int UnitsOn(int node) => _units[node];

    /// <summary>Memory that the units of a node take.</summary>
    public long MemoryOn(int node) => _memory[node];

    /// <summary>Part of its capacity, less the headroom, that a node is asked for.</summary>
    public double LoadOf(int node) => _loads[node] / _model.Capacities[node];

    /// <summary>How good it is.</summary>
    public PlacementScore Score
    {
        get
        {
            var (peak, squares) = (0.0, 0.0);
            for (var node = 0; node < _loads.Length; node++)
            {
                var load = _loads[node] / _model.Capacities[node];
                peak = Math.Max(peak, load);
                squares += (load - _model.BoundLoads[node]) * (load - _model.BoundLoads[node]);
            }

            return new PlacementScore(Math.Max(peak, _model.LeastPeak), squares);
        }
    }

    /// <summary>Whether a unit may be on a node: the host may be closed to what can go elsewhere.</summary>
    public bool MayBe(int unit, int node) => _model.Limits.Allows(unit, node) && (_isHostOpen || node != _model.Host || _model.Limits.IsBound(unit));

    /// <summary>Whether all of some units may be on a node, and it has the memory for them besides what it has.</summary>
    public bool Allows(ReadOnlySpan<int> units, int node)
    {
        var memory = _memory[node];
        foreach (var unit in units)
        {
            if (!MayBe(unit, node))
            {
                return false;
            }

            memory += _nodeOf[unit] == node ? 0 : _model.Units[unit].MemoryBytes;
        }

        return node == _model.Host || _model.Nodes[node].MemoryBytes == 0 || memory <= _model.Nodes[node].MemoryBytes;
    }

    /// <summary>Whether a node could take so much more without having more to do than a part of its capacity.</summary>
    public bool HasRoom(int node, long added, double part) => _loads[node] + added <= part * _model.Capacities[node];

    /// <summary>Puts units on a node, wherever they are.</summary>
    public void Put(ReadOnlySpan<int> units, int node)
    {
        foreach (var unit in units)
        {
            Put(unit, node);
        }
    }

    /// <summary>Puts a unit on a node, or <see cref="Nowhere"/>, wherever it is.</summary>
    public void Put(int unit, int node)
    {
        var before = _nodeOf[unit];
        if (before == node)
        {
            return;
        }

        if (before != Nowhere)
        {
            Count(unit, before, -1);
        }

        if (node != Nowhere)
        {
            Count(unit, node, 1);
        }
    }

    private void Count(int unit, int node, int sign)
    {
        if (sign < 0)
        {
            CountMade(unit, node, sign);
        }

        _nodeOf[unit] = sign < 0 ? Nowhere : node;
        _loads[node] += sign * _model.Costs[unit];
        _memory[node] += sign * _model.Units[unit].MemoryBytes;
        _units[node] += sign;
        foreach (var signal in _model.Read[unit])
        {
            ref var readers = ref _readers[(signal * _loads.Length) + node];
            readers += sign;
            if (readers == (sign > 0 ? 1 : 0) && _nodeOf[_model.Signals[signal].Maker] is >= 0 and var maker && maker != node)
            {
                Cross(signal, maker, node, sign);
            }
        }

        if (sign > 0)
        {
            CountMade(unit, node, sign);
        }
    }

    private void CountMade(int unit, int node, int sign)
    {
        foreach (var signal in _model.Made[unit])
        {
            for (var reader = 0; reader < _loads.Length; reader++)
            {
                if (reader != node && _readers[(signal * _loads.Length) + reader] > 0)
                {
                    Cross(signal, node, reader, sign);
                }
            }
        }
    }

    private void Cross(int signal, int maker, int reader, int sign)
    {
        var cost = sign * _model.Signals[signal].Crossing;
        var host = _model.Host;
        if (maker != host)
        {
            _leaving[signal] += sign;
            if (_leaving[signal] == (sign > 0 ? 1 : 0))
            {
                _loads[maker] += cost;
                _loads[host] += cost;
            }
        }

        if (reader != host)
        {
            _loads[host] += cost;
            _loads[reader] += cost;
        }
    }
}
