using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>Says when to look whether work is better elsewhere: somebody has nearly more to do than he can, and has had for a while, and it shows in what is in hand; or that was not done for a minute,
/// in which more was learnt of what everything costs and how fast everybody is. One caller at a time.</summary>
internal sealed class ReplacementRule
{
    /// <summary>Part of its render threads' time from which on a Signal is busy.</summary>
    private const double BusyLoad = 0.7;

    /// <summary>So many reports in a row, one a second, a Signal is busy before work is placed anew, and so many until the next time.</summary>
    private const int BusyReports = 3;

    /// <summary>So many reports of one Signal, one a second, until the next look at the latest.</summary>
    private const int MostReports = 60;

    private readonly Dictionary<NodeId, int> _busy = [];
    private readonly Dictionary<NodeId, int> _reports = [];
    private bool _isBehind;

    /// <summary>Takes note of what is in hand.</summary>
    /// <param name="aheadFrames">Frames that are there beyond what is heard.</param>
    /// <param name="leadFrames">Frames that are to be there.</param>
    public void Observe(long aheadFrames, int leadFrames) => _isBehind = aheadFrames < leadFrames / 2;

    /// <summary>Takes note of what a Signal has done. Whoever renders the lead, or renders it anew, is busy as well, but not behind for long.</summary>
    /// <param name="node">The Signal.</param>
    /// <param name="renderLoad">Part of its render threads' time that they have rendered.</param>
    /// <returns>Whether to look.</returns>
    public bool IsDue(NodeId node, double renderLoad)
    {
        var isTime = (_reports[node] = _reports.GetValueOrDefault(node) + 1) % MostReports == 0;
        if (renderLoad < BusyLoad || !_isBehind)
        {
            _busy.Remove(node);
            return isTime;
        }

        return (_busy[node] = _busy.GetValueOrDefault(node) + 1) % BusyReports == 0 || isTime;
    }

    /// <summary>Begins anew: what plays has changed, which keeps everybody busy for a while.</summary>
    public void Forget() => _busy.Clear();

    /// <summary>It was looked.</summary>
    public void Looked()
    {
        Forget();
        _reports.Clear();
    }
}
