namespace Loophole.Cluster;

/// <summary>What a Signal did in a render.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Subgraphs">Subgraphs it had at the end.</param>
/// <param name="Blocks">Blocks it rendered; those of a lost Signal are not known and count 0.</param>
/// <param name="RenderSeconds">Time its render threads spent in them.</param>
/// <param name="PeakMemoryBytes">The most memory its process has held; 0 when it is lost.</param>
/// <param name="LostReason">Why it was lost; empty when it was not.</param>
public sealed record NodeResult(string Name, int ProcessId, int Subgraphs, long Blocks, double RenderSeconds, long PeakMemoryBytes, string LostReason);
