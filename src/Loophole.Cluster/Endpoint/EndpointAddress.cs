namespace Loophole.Cluster.Endpoint;

/// <summary>Where a Pulse is served on this machine, and what lets one in there.</summary>
/// <param name="EndPoint">Where it listens; a loopback address.</param>
/// <param name="Token">A secret that only the user who serves it can read; 64 hexadecimal digits.</param>
/// <param name="ProcessId">Its process.</param>
public sealed record EndpointAddress(Uri EndPoint, string Token, int ProcessId)
{
    /// <inheritdoc/>
    public override string ToString() => $"{EndPoint} (process {ProcessId})";
}
