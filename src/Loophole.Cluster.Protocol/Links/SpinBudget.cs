namespace Loophole.Cluster.Protocol.Links;

/// <summary>How long to look before sleeping: as long as it lately paid off, so not at all where the next block is always far away.</summary>
internal sealed class SpinBudget(long ticksPerSecond)
{
    /// <summary>The longest look. Twice what waking a core costs: beyond it sleeping is cheaper and hardly slower.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMicroseconds(100);

    // What was waited for longer counts as this: one pause of seconds must not outweigh a thousand blocks.
    private static readonly TimeSpan Ceiling = TimeSpan.FromMilliseconds(1);

    private readonly long _longest = (long)(Longest.TotalSeconds * ticksPerSecond);
    private readonly long _ceiling = (long)(Ceiling.TotalSeconds * ticksPerSecond);
    private long _average = (long)(Longest.TotalSeconds * ticksPerSecond);

    /// <summary>The next look, in ticks of the clock; 0 for none.</summary>
    public long Ticks => _average < 2 * _longest ? _longest : 0;

    /// <summary>Learns how long a wait took in all.</summary>
    public void Observe(long ticks) => _average += (Math.Min(ticks, _ceiling) - _average) / 8;
}
