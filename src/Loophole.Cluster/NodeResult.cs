namespace Loophole.Cluster;

/// <summary>What a Signal did in a render.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Transport">Scheme of the transport (<c>tcp</c>, <c>quic</c>) that carried its audio; of the host, and of one that was lost before, of the
/// one that carried Pulse's commands.</param>
/// <param name="Subgraphs">Subgraphs it had at the end.</param>
/// <param name="Blocks">Blocks it rendered; those of a lost Signal are not known and count 0.</param>
/// <param name="RenderSeconds">Time its render threads spent in them.</param>
/// <param name="PeakMemoryBytes">The most memory its process has held; 0 when it is lost.</param>
/// <param name="LostReason">Why it was lost; empty when it was not.</param>
public sealed record NodeResult(string Name, int ProcessId, string Transport, int Subgraphs, long Blocks, double RenderSeconds, long PeakMemoryBytes, string LostReason);
