namespace Loophole.Cluster;

/// <summary>How a gesture's position becomes a value. With t running from 0 to 1 over the input range:</summary>
public enum GestureCurve
{
    /// <summary>minimum + t × (maximum − minimum).</summary>
    Linear,

    /// <summary>minimum × (maximum ÷ minimum)^t: equal ways are equal ratios, as for frequencies. Both ends are above 0.</summary>
    Logarithmic,

    /// <summary>minimum + t² × (maximum − minimum): fine at the lower end.</summary>
    Exponential,
}
