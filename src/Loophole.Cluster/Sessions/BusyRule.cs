using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>Says when work is to go elsewhere: somebody has nearly more to do than he can, and has had for a while, and it shows in what is in hand. One caller at a time.</summary>
internal sealed class BusyRule
{
    /// <summary>Part of its render threads' time from which on a Signal is busy.</summary>
    private const double BusyLoad = 0.7;

    /// <summary>So many reports in a row, one a second, a Signal is busy before work is placed anew, and so many until the next time.</summary>
    private const int BusyReports = 3;

    private readonly Dictionary<NodeId, int> _busy = [];
    private bool _isBehind;

    /// <summary>Takes note of what is in hand.</summary>
    /// <param name="aheadFrames">Frames that are there beyond what is heard.</param>
    /// <param name="leadFrames">Frames that are to be there.</param>
    public void Observe(long aheadFrames, int leadFrames) => _isBehind = aheadFrames < leadFrames / 2;

    /// <summary>Takes note of what a Signal has done. Whoever renders the lead, or renders it anew, is busy as well, but not behind for long.</summary>
    /// <param name="node">The Signal.</param>
    /// <param name="renderLoad">Part of its render threads' time that they have rendered.</param>
    /// <returns>Whether work is to go elsewhere.</returns>
    public bool IsTooBusy(NodeId node, double renderLoad)
    {
        if (renderLoad < BusyLoad || !_isBehind)
        {
            _busy.Remove(node);
            return false;
        }

        return (_busy[node] = _busy.GetValueOrDefault(node) + 1) % BusyReports == 0;
    }

    /// <summary>Begins anew: what plays, or where, has changed.</summary>
    public void Forget() => _busy.Clear();
}
