using Loophole.Cluster.Numerics;

namespace Loophole.DawProject.Resolving;

/// <summary>Turns values of the file into ours. Always finite, and the same on every machine.</summary>
internal static class UnitConversion
{
    /// <summary>What stands for minus infinity decibels where a number is needed.</summary>
    public const double SilentDecibels = -240;

    /// <summary>What stands for an infinite ratio.</summary>
    public const double LimitingRatio = 1_000;

    private const double Largest = 1e30;
    private const double Ln2 = 0.69314718055994530942;
    private const double DecibelsPerLog = 8.6858896380650365530;

    public static double Convert(ValueKind kind, DawUnit unit, double value, DawParameter? source)
    {
        var converted = kind switch
        {
            ValueKind.Gain => Math.Max(0, ToGain(unit, value)),
            ValueKind.Position => Math.Clamp(ToPosition(unit, value, source as DawRealParameter), -1, 1),
            ValueKind.Switch => value >= 0.5 ? 1 : 0,
            ValueKind.Decibels => ToDecibels(unit, value),
            ValueKind.Frequency => unit == DawUnit.Semitones ? 440 * ExactMath.Exp((Math.Clamp(value, -1_000, 1_000) - 69) * (Ln2 / 12)) : value,
            ValueKind.Ratio => ToRatio(unit, value),
            _ => value,
        };
        return Math.Clamp(converted, -Largest, Largest);
    }

    /// <summary>Whether a straight line in the file's unit is one in ours.</summary>
    public static bool IsStraight(ValueKind kind, DawUnit unit) => kind switch
    {
        ValueKind.Gain => unit != DawUnit.Decibel,
        ValueKind.Decibels => unit == DawUnit.Decibel,
        ValueKind.Frequency => unit != DawUnit.Semitones,
        ValueKind.Ratio => unit != DawUnit.Percent,
        _ => true,
    };

    private static double ToGain(DawUnit unit, double value) => unit switch
    {
        DawUnit.Decibel => double.IsNegativeInfinity(value) ? 0 : ExactMath.DecibelsToGain(Math.Clamp(value, -1_000, 1_000)),
        DawUnit.Percent => value / 100,
        _ => value,
    };

    /// <summary>Normalized pan is 0 to 1; linear pan is −1 to 1, unless the parameter states another range.</summary>
    private static double ToPosition(DawUnit unit, double value, DawRealParameter? source)
    {
        if (unit == DawUnit.Normalized)
        {
            return (2 * value) - 1;
        }

        if (source is { Minimum: { } minimum, Maximum: { } maximum } && source.Unit == unit && double.IsFinite(maximum - minimum) && maximum > minimum)
        {
            return (2 * (value - minimum) / (maximum - minimum)) - 1;
        }

        return unit == DawUnit.Percent ? value / 100 : value;
    }

    private static double ToDecibels(DawUnit unit, double value)
    {
        if (unit == DawUnit.Decibel)
        {
            return double.IsNegativeInfinity(value) ? SilentDecibels : value;
        }

        var gain = unit == DawUnit.Percent ? value / 100 : value;
        return gain > 0 && double.IsFinite(gain) ? Math.Max(SilentDecibels, DecibelsPerLog * ExactMath.Log(gain)) : SilentDecibels;
    }

    /// <summary>The format's reference has the ratio in percent, 0 to 100: 0 is 1:1, 50 is 2:1, 100 is limiting. Beyond 100 it can only be meant as a factor.</summary>
    private static double ToRatio(DawUnit unit, double value)
    {
        if (unit != DawUnit.Percent)
        {
            return Math.Min(LimitingRatio, value);
        }

        return value > 100 ? Math.Min(LimitingRatio, value / 100) : Math.Min(LimitingRatio, 1 / Math.Max(1 / LimitingRatio, 1 - (value / 100)));
    }
}
