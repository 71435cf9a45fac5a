namespace Loophole.Cluster.Rendering;

/// <summary>What a meter saw on one audio channel.</summary>
/// <param name="Peak">Largest absolute sample, linear.</param>
/// <param name="Rms">Root of the mean of the squares, linear.</param>
/// <param name="FrameCount">Frames measured.</param>
public readonly record struct MeterReading(double Peak, double Rms, long FrameCount);
