using System.Diagnostics.Metrics;

namespace Loophole.Cluster.Telemetry;

/// <summary>The meter of this assembly.</summary>
internal static class ClusterMeter
{
    public const string Name = "Loophole.Cluster";

    /// <summary>Makes it.</summary>
    /// <param name="factory">Makes and disposes it; <see langword="null"/> for one of the caller's own.</param>
    /// <param name="own">What the caller is to dispose, or <see langword="null"/>.</param>
    public static Meter Make(IMeterFactory? factory, out Meter? own)
    {
        own = factory is null ? new Meter(Name) : null;
        return own ?? factory!.Create(Name);
    }
}
