using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>Tells the registry how a Signal is, of what several know of it: whether it is ready, whether it is silent, whether it is late. Safe for concurrent use.</summary>
/// <param name="registry">What is told.</param>
/// <param name="node">The Signal. Of one that is not registered, so neither ready nor not, nothing is told: another one may have its id.</param>
internal sealed class NodeCondition(IClusterRegistry registry, NodeId node)
{
    private readonly Lock _gate = new();
    private bool? _isReady;
    private bool _isSuspect;
    private string? _lateness;

    /// <summary>It is registered, and is being told what it has to know, or has been. [any]</summary>
    public void Ready(bool isReady)
    {
        lock (_gate)
        {
            _isReady = isReady;
            Report();
        }
    }

    /// <summary>It has not been heard of for a while, or has been again. [any]</summary>
    public void Suspect(bool isSuspect)
    {
        lock (_gate)
        {
            _isSuspect = isSuspect;
            Report();
        }
    }

    /// <summary>What it is given comes late, and why; <see langword="null"/> when it does not any more. [any]</summary>
    public void Late(string? reason)
    {
        lock (_gate)
        {
            _lateness = reason;
            Report();
        }
    }

    private void Report()
    {
        if (_isReady is { } isReady)
        {
            _ = _isSuspect ? registry.Report(node, NodeHealth.Suspect, "it has been silent for half of the time after which it is lost")
                : _lateness is not null ? registry.Report(node, NodeHealth.Degraded, _lateness)
                : registry.Report(node, isReady ? NodeHealth.Active : NodeHealth.Joining);
        }
    }
}
