namespace Loophole.Cluster.Membership;

/// <summary>Says when the next attempt may be made at something that comes and goes: at once as long as that is rare, then ever less often, as routers damp routes that flap.</summary>
/// <remarks>Each attempt weighs 1, and half as much with every half-life. No attempt is made that would weigh more than the limit together with those before it.
/// One caller at a time.</remarks>
internal sealed class AttemptBrake
{
    /// <summary>Attempts that may be made at once.</summary>
    public const int Limit = 3;

    /// <summary>After so long an attempt weighs half as much. Whoever keeps coming and going is tried every 8.8 seconds in the end.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(15);

    private double _weight;
    private TimeSpan _at;

    /// <summary>Takes note of an attempt.</summary>
    /// <param name="now">Since some beginning; never before what was said last.</param>
    public void Note(TimeSpan now)
    {
        _weight = WeightAt(now) + 1;
        _at = now;
    }

    /// <summary>How long it is until another attempt may be made, in whole milliseconds, of which no clock waits for a part; zero when it may now.</summary>
    public TimeSpan WaitAt(TimeSpan now)
    {
        var excess = WeightAt(now) / (Limit - 1);
        return excess <= 1 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(HalfLife.TotalMilliseconds * Math.Log2(excess)));
    }

    /// <summary>Forgets what was: somebody wants it tried now.</summary>
    public void Release() => _weight = 0;

    private double WeightAt(TimeSpan now) => _weight * Math.Pow(0.5, (now - _at) / HalfLife);
}
