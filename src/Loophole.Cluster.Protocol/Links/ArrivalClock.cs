namespace Loophole.Cluster.Protocol.Links;

/// <summary>Learns the period of arrivals and says when to look for the next one. Times are ticks of one clock.</summary>
internal sealed class ArrivalClock(long ticksPerSecond)
{
    // Sleeps end late, and a machine that packs threads onto few cores gives one of its own only to who is awake for a good part of the time.
    private static readonly TimeSpan Earliness = TimeSpan.FromMilliseconds(1);

    // Later than this it is not late but gone. Also how long a link looks that has not learned anything yet.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    // So many odd intervals in a row are no pauses but a new period.
    private const int Proof = 3;

    private readonly long _earliness = (long)(Earliness.TotalSeconds * ticksPerSecond);
    private readonly long _patience = (long)(Patience.TotalSeconds * ticksPerSecond);
    private long _last;
    private int _odd;

    /// <summary>The learned period; 0 before there is one.</summary>
    public long Period { get; private set; }

    /// <summary>From when until when to look without pause; past moments mean not at all.</summary>
    /// <param name="now">The present moment.</param>
    public (long From, long Until) Expect(long now) =>
        Period == 0 ? (now, now + _patience) : (_last + Period - _earliness, _last + Period + Math.Min(Period, _patience));

    /// <summary>Learns that a period's first block has arrived.</summary>
    /// <param name="now">When it was noticed.</param>
    public void Observe(long now)
    {
        var interval = now - _last;
        if (_last != 0 && (Period == 0 || interval <= Period * 4 || ++_odd == Proof))
        {
            Period = Period == 0 || _odd == Proof ? interval : Period + ((interval - Period) / 8);
            _odd = 0;
        }

        _last = now;
    }
}
