namespace Loophole.Cluster.Transports;

/// <summary>Accepts connections at one endpoint. No client can make it fail (FAULT-040 to FAULT-044).</summary>
public interface IClusterListener : IAsyncDisposable
{
    /// <summary>The endpoint bound, with the real port (XPRT-020). [any]</summary>
    Uri LocalEndPoint { get; }

    /// <summary>Waits for the next connection. [one caller]</summary>
    /// <param name="cancellationToken">Stops the wait; no connection is lost (XPRT-023).</param>
    /// <returns>The connection, the caller's to dispose; <see langword="null"/> once the listener is disposed (XPRT-021).</returns>
    ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default);
}
