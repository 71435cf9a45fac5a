namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>What one direction between two places does to the bytes that cross it. Immutable.</summary>
/// <remarks>
/// <para><b>Segments.</b> What is written travels in segments; one arrives when its last byte does. Segments of one channel keep their order: a late
/// one holds up those behind it.</para>
/// <para><b>Loss.</b> A lossless byte stream turns loss into delay: a lost segment arrives after <see cref="RetransmissionDelay"/> more. Datagrams are lost.</para>
/// </remarks>
public sealed record LinkConditions
{
    private const int MostRetransmissions = 15;

    /// <summary>Everything arrives at once. [any]</summary>
    public static LinkConditions Ideal { get; } = new();

    /// <summary>Time on the way, drawn for each segment. Default none.</summary>
    public DelayDistribution Delay { get; init; } = DelayDistribution.None;

    /// <summary>Bytes per second shared by all that crosses; 0 for no limit. Default 0; 0 to 10¹².</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public long BytesPerSecond
    {
        get;
        init => field = Check(value, 0, 1_000_000_000_000);
    }

    /// <summary>How likely a segment or datagram is lost. Default 0; 0 to 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public double LossProbability
    {
        get;
        init => field = Check(value, 0, 0.9);
    }

    /// <summary>What each loss of a segment adds to its delay. Default 200 ms, the least that Linux waits; 1 ms to 1 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan RetransmissionDelay
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
    } = TimeSpan.FromMilliseconds(200);

    /// <summary>The most bytes in a segment. Default 1460, what fits an Ethernet frame; 1 to 65536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int SegmentBytes
    {
        get;
        init => field = Check(value, 1, 65536);
    } = 1460;

    internal bool IsImmediate => Delay == DelayDistribution.None && BytesPerSecond == 0 && LossProbability == 0;

    internal long DrawDelayTicks(Random random)
    {
        var ticks = Delay.DrawTicks(random);
        for (var i = 0; i < MostRetransmissions && DrawLoss(random); i++)
        {
            ticks += RetransmissionDelay.Ticks;
        }

        return ticks;
    }

    internal bool DrawLoss(Random random) => LossProbability > 0 && random.NextDouble() < LossProbability;

    private static T Check<T>(T value, T least, T most)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
