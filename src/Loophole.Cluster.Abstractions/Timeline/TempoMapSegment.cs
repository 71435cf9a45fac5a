using Loophole.Cluster.Numerics;

namespace Loophole.Cluster.Timeline;

/// <summary>The closed forms of one stretch between two tempo points. With tempo <c>v</c> in beats a minute, time is the integral of <c>60 / v</c> over beats.</summary>
internal static class TempoMapSegment
{
    /// <summary>Seconds from the start of the stretch to a number of beats into it.</summary>
    public static double Seconds(in TempoMapPoint from, in TempoMapPoint to, double beats)
    {
        switch (from.Curve)
        {
            case TempoMapCurve.LinearInBeats:
                // v = v0 + k·b, so t = 60/k · ln(1 + k·b/v0), which is 60·b/v0 times ln(1 + r)/r.
                var slope = (to.Bpm - from.Bpm) / (to.Beat - from.Beat);
                return 60 * beats / from.Bpm * LogRatio(slope * beats / from.Bpm);
            case TempoMapCurve.LinearInTime:
                // v = v0 + q·t, so 60·b = v0·t + q·t²/2; the root is written so that nothing cancels.
                var acceleration = Acceleration(from, to);
                return 120 * beats / (from.Bpm + Math.Sqrt((from.Bpm * from.Bpm) + (120 * acceleration * beats)));
            default:
                return 60 * beats / from.Bpm;
        }
    }

    /// <summary>Beats from the start of the stretch to a number of seconds into it.</summary>
    public static double Beats(in TempoMapPoint from, in TempoMapPoint to, double seconds)
    {
        switch (from.Curve)
        {
            case TempoMapCurve.LinearInBeats:
                var slope = (to.Bpm - from.Bpm) / (to.Beat - from.Beat);
                return from.Bpm * seconds / 60 * ExpRatio(slope * seconds / 60);
            case TempoMapCurve.LinearInTime:
                return ((from.Bpm * seconds) + (Acceleration(from, to) * seconds * seconds / 2)) / 60;
            default:
                return from.Bpm * seconds / 60;
        }
    }

    /// <summary>Change of tempo per second of a stretch that is linear in time: its mean tempo is the mean of its ends.</summary>
    private static double Acceleration(in TempoMapPoint from, in TempoMapPoint to) =>
        (to.Bpm - from.Bpm) * (from.Bpm + to.Bpm) / (120 * (to.Beat - from.Beat));

    /// <summary>ln(1 + r)/r without loss near 0: the rounding of 1 + r is divided out again (Kahan).</summary>
    private static double LogRatio(double r)
    {
        var u = 1 + r;
        return u == 1 ? 1 : ExactMath.Log(u) / (u - 1);
    }

    /// <summary>(eˣ − 1)/x without loss near 0, by the same device.</summary>
    private static double ExpRatio(double x)
    {
        var y = ExactMath.Exp(x);
        return y == 1 ? 1 : (y - 1) / ExactMath.Log(y);
    }
}
