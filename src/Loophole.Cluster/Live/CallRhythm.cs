namespace Loophole.Cluster.Live;

/// <summary>When the device is going to call next. Devices call in a rhythm; a call that comes late is followed by one that is on time again, or by several at once.</summary>
/// <param name="period">A block, in ticks of the clock.</param>
internal sealed class CallRhythm(long period)
{
    private long _expected;

    /// <summary>Whether the next call is near, or overdue.</summary>
    /// <param name="now">In ticks.</param>
    /// <param name="margin">What is near, in ticks.</param>
    public bool IsNear(long now, long margin) => now >= _expected - margin;

    /// <summary>A call was seen.</summary>
    /// <param name="now">In ticks.</param>
    public void Observe(long now)
    {
        // By the rhythm and not by when it was seen; begun anew where it is off by more than a block.
        var next = _expected + period;
        _expected = next > now - period && next <= now + period ? next : now + period;
    }
}
