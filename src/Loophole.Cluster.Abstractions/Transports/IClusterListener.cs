namespace Loophole.Cluster.Transports;

/// <summary>Accepts connections at one endpoint. No client can make it fail.</summary>
public interface IClusterListener : IAsyncDisposable
{
    /// <summary>The endpoint bound, with the real port. [any]</summary>
    Uri LocalEndPoint { get; }

    /// <summary>Waits for the next connection. [one caller]</summary>
    /// <param name="cancellationToken">Stops the wait; no connection is lost.</param>
    /// <returns>The connection, the caller's to dispose; <see langword="null"/> once the listener is disposed.</returns>
    ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default);
}
