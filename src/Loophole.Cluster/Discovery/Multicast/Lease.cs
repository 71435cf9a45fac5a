namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>For how long something that was heard is believed, and when to ask for it again (RFC 6762, 5.2 and 10.1).</summary>
internal sealed class Lease(TimeSpan now, uint seconds, Random random)
{
    /// <summary>Nobody is believed for longer, whatever he says.</summary>
    private const uint MaxSeconds = 4500;

    /// <summary>What lasts less than that is not asked for again; it is told often enough, or meant to bother us.</summary>
    private const uint MinRefreshed = 10;

    private const int Refreshes = 4;

    /// <summary>How long what was taken back is still believed: somebody may say that it was not his.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // Not everybody at once.
    private readonly double _spread = 0.02 * random.NextDouble();
    private readonly TimeSpan _heard = now;
    private readonly TimeSpan _length = TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds));
    private int _refreshes = seconds < MinRefreshed ? Refreshes : 0;
    private TimeSpan? _ends;

    /// <summary>Whether it was taken back.</summary>
    public bool IsTakenBack => _ends is not null;

    /// <summary>When it was heard.</summary>
    public TimeSpan Heard => _heard;

    /// <summary>When there is something to do.</summary>
    public TimeSpan Due => _refreshes < Refreshes ? _heard + (_length * (0.8 + (0.05 * _refreshes) + _spread)) : Expires;

    private TimeSpan Expires => _ends ?? _heard + _length;

    /// <summary>Takes it back.</summary>
    public void End(TimeSpan now)
    {
        if (_ends is null && now + Grace < Expires)
        {
            (_ends, _refreshes) = (now + Grace, Refreshes);
        }
    }

    public bool IsOver(TimeSpan now) => now >= Expires;

    /// <summary>Whether it is time to ask again; once each time.</summary>
    public bool TakeRefresh(TimeSpan now)
    {
        if (_refreshes == Refreshes || now < Due)
        {
            return false;
        }

        _refreshes++;
        return true;
    }

    /// <summary>For how many seconds it will be believed; 0 when that is less than half of what was said, and others shall hear it again (RFC 6762, 7.1).</summary>
    public uint KnownSeconds(TimeSpan now) => !IsTakenBack && Expires - now > _length / 2 ? (uint)(Expires - now).TotalSeconds : 0;
}
