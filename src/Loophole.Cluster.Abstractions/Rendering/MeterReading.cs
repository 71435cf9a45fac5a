namespace Loophole.Cluster.Rendering;

/// <summary>What a meter saw on one audio channel in one window. Samples that are not finite count as 0.</summary>
/// <param name="Peak">Largest absolute sample, linear.</param>
/// <param name="Rms">Root of the mean of the squares, linear, rounded once to this precision.</param>
public readonly record struct MeterReading(float Peak, float Rms);
