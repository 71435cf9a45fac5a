namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>How long bytes are on their way: a rule from which one delay per segment is drawn. Immutable and safe for concurrent use.</summary>
/// <remarks>Draws use additions and multiplications only, so a seed gives the same delays on every machine.</remarks>
public sealed class DelayDistribution
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Func<Random, long> _drawTicks;

    private DelayDistribution(Func<Random, long> drawTicks) => _drawTicks = drawTicks;

    /// <summary>No delay. [any]</summary>
    public static DelayDistribution None { get; } = new(static _ => 0);

    /// <summary>Always the same delay. [any]</summary>
    /// <param name="delay">0 to 1 h.</param>
    /// <returns>The distribution.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The delay is outside the range.</exception>
    public static DelayDistribution Constant(TimeSpan delay)
    {
        Check(delay, nameof(delay));
        return delay == TimeSpan.Zero ? None : new DelayDistribution(_ => delay.Ticks);
    }

    /// <summary>Every delay between two bounds is equally likely. [any]</summary>
    /// <param name="least">0 to <paramref name="most"/>.</param>
    /// <param name="most">Up to 1 h.</param>
    /// <returns>The distribution.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A bound is outside its range.</exception>
    public static DelayDistribution Uniform(TimeSpan least, TimeSpan most)
    {
        CheckBounds(least, most);
        return new DelayDistribution(random => random.NextInt64(least.Ticks, most.Ticks + 1));
    }

    /// <summary>A bell around a mean, cut off at two bounds: the sum of twelve uniform draws, which needs no logarithm. [any]</summary>
    /// <param name="mean">0 to 1 h.</param>
    /// <param name="deviation">Standard deviation, 0 to 1 h.</param>
    /// <param name="least">Smaller draws become this; 0 to <paramref name="most"/>.</param>
    /// <param name="most">Larger draws become this; up to 1 h.</param>
    /// <returns>The distribution.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static DelayDistribution Normal(TimeSpan mean, TimeSpan deviation, TimeSpan least, TimeSpan most)
    {
        Check(mean, nameof(mean));
        Check(deviation, nameof(deviation));
        CheckBounds(least, most);
        return new DelayDistribution(random =>
        {
            var sum = -6.0;
            for (var i = 0; i < 12; i++)
            {
                sum += random.NextDouble();
            }

            return Math.Clamp(mean.Ticks + (long)(sum * deviation.Ticks), least.Ticks, most.Ticks);
        });
    }

    /// <summary>The same, and now and then a spike on top. [any]</summary>
    /// <param name="probability">Of a spike, per segment; 0 to 1.</param>
    /// <param name="extra">What a spike adds, 0 to 1 h.</param>
    /// <returns>The distribution.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public DelayDistribution WithSpikes(double probability, TimeSpan extra)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        Check(extra, nameof(extra));
        return new DelayDistribution(random =>
        {
            var delay = DrawTicks(random);
            return random.NextDouble() < probability ? delay + extra.Ticks : delay;
        });
    }

    internal long DrawTicks(Random random) => _drawTicks(random);

    private static void CheckBounds(TimeSpan least, TimeSpan most)
    {
        Check(most, nameof(most));
        ArgumentOutOfRangeException.ThrowIfLessThan(least, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, most);
    }

    private static void Check(TimeSpan value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest, name);
    }
}
