namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>A fault and when it happens, counted from the start of its script. Immutable.</summary>
public sealed record FaultStep
{
    private FaultStep(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Fault = fault;
    }

    /// <summary>What happens. [any]</summary>
    public Fault Fault { get; }

    /// <summary>Time after the start at which it happens; <see langword="null"/> when <see cref="Bytes"/> says. [any]</summary>
    public TimeSpan? Time { get; private init; }

    /// <summary>Bytes delivered over the link since the start, after the last of which it happens; <see langword="null"/> when <see cref="Time"/> says. [any]</summary>
    public long? Bytes { get; private init; }

    /// <summary>A fault at a time. [any]</summary>
    /// <param name="time">0 or more.</param>
    /// <param name="fault">What happens.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static FaultStep At(TimeSpan time, Fault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        return new FaultStep(fault) { Time = time };
    }

    /// <summary>A fault at a byte. [any]</summary>
    /// <param name="bytes">0 or more.</param>
    /// <param name="fault">What happens between this byte and the next.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static FaultStep AfterBytes(long bytes, Fault fault)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return new FaultStep(fault) { Bytes = bytes };
    }
}
