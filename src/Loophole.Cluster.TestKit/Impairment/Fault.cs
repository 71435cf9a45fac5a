namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>One thing that befalls a link. Immutable.</summary>
public sealed record Fault
{
    private Fault(FaultKind kind) => Kind = kind;

    /// <summary>See <see cref="FaultKind.BlackHole"/>. [any]</summary>
    public static Fault BlackHole { get; } = new(FaultKind.BlackHole);

    /// <summary>See <see cref="FaultKind.Resume"/>. [any]</summary>
    public static Fault Resume { get; } = new(FaultKind.Resume);

    /// <summary>See <see cref="FaultKind.Cut"/>. [any]</summary>
    public static Fault Cut { get; } = new(FaultKind.Cut);

    /// <summary>See <see cref="FaultKind.HalfOpen"/>. [any]</summary>
    public static Fault HalfOpen { get; } = new(FaultKind.HalfOpen);

    /// <summary>What it is. [any]</summary>
    public FaultKind Kind { get; }

    /// <summary>How long a stall lasts; otherwise 0. [any]</summary>
    public TimeSpan Duration { get; private init; }

    /// <summary>The bits that a corruption flips; otherwise 0. [any]</summary>
    public byte Mask { get; private init; }

    /// <summary>The conditions that a change brings; otherwise <see langword="null"/>. [any]</summary>
    public LinkConditions? Conditions { get; private init; }

    /// <summary>See <see cref="FaultKind.Stall"/>. [any]</summary>
    /// <param name="duration">More than 0, up to 1 day.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The duration is outside the range.</exception>
    public static Fault Stall(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromDays(1));
        return new Fault(FaultKind.Stall) { Duration = duration };
    }

    /// <summary>See <see cref="FaultKind.Corrupt"/>. [any]</summary>
    /// <param name="mask">The bits to flip, not 0.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The mask is 0.</exception>
    public static Fault Corrupt(byte mask)
    {
        ArgumentOutOfRangeException.ThrowIfZero(mask);
        return new Fault(FaultKind.Corrupt) { Mask = mask };
    }

    /// <summary>See <see cref="FaultKind.Change"/>. [any]</summary>
    /// <param name="conditions">The new conditions.</param>
    /// <returns>The fault.</returns>
    public static Fault Change(LinkConditions conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        return new Fault(FaultKind.Change) { Conditions = conditions };
    }
}
