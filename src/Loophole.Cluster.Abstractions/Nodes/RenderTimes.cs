namespace Loophole.Cluster.Nodes;

/// <summary>How long blocks took to render, each as a part of how long it sounds: 1 took as long as it sounds. Rounded up by an eighth at the most; 256 or more is 256.</summary>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="Percentile99">Of a hundred 99 took no longer.</param>
/// <param name="Longest">None took longer.</param>
public sealed record RenderTimes(double Median, double Percentile99, double Longest);
