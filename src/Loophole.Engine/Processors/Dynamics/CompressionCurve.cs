namespace Loophole.Engine.Processors.Dynamics;

/// <summary>The static curve: D. Giannoulis, M. Massberg, J. D. Reiss, "Digital dynamic range compressor design — a tutorial and analysis",
/// J. Audio Eng. Soc. 60 (2012), equation 4 (soft knee).</summary>
/// <param name="Threshold">dB.</param>
/// <param name="Ratio">1 or more.</param>
/// <param name="Knee">Width in dB, 0 or more; the curve bends from half of it below the threshold to half of it above.</param>
internal readonly record struct CompressionCurve(double Threshold, double Ratio, double Knee)
{
    /// <summary>How far the curve lowers a level, in dB, 0 or more.</summary>
    /// <param name="level">dB.</param>
    public double Reduction(double level)
    {
        var over = level - Threshold;
        if (2 * over <= -Knee)
        {
            return 0;
        }

        var slope = 1 - (1 / Ratio);
        if (2 * over < Knee)
        {
            var intoKnee = over + (Knee / 2);
            return slope * intoKnee * intoKnee / (2 * Knee);
        }

        return slope * over;
    }
}
