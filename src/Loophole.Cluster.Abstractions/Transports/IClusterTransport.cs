namespace Loophole.Cluster.Transports;

/// <summary>Makes connections over one kind of network. This is what a custom transport implements. Safe for concurrent use (XPRT-010).</summary>
public interface IClusterTransport : IAsyncDisposable
{
    /// <summary>URI scheme it answers to, lower case: <c>tcp</c>, <c>quic</c>, <c>memory</c>. [any]</summary>
    string Scheme { get; }

    /// <summary>What it guarantees. [any]</summary>
    TransportSecurity Security { get; }

    /// <summary>Starts listening. [any]</summary>
    /// <param name="local">Where; port 0 asks for any free port.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>A listener; the caller disposes it.</returns>
    /// <exception cref="TransportException"><see cref="TransportError.BadEndPoint"/>: taken, malformed, or not allowed (XPRT-005, XPRT-006).</exception>
    ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default);

    /// <summary>Connects. The peer sees the connection at once. Has a deadline of its own (XPRT-013). [any]</summary>
    /// <param name="remote">The peer's endpoint.</param>
    /// <param name="cancellationToken">Stops the attempt and leaves nothing half open (XPRT-008).</param>
    /// <returns>A connection; the caller disposes it.</returns>
    /// <exception cref="TransportException">See <see cref="TransportError"/>.</exception>
    ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default);
}
