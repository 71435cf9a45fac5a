using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Passes everything on.</summary>
internal class WrappedListener(IClusterListener inner, Func<IClusterConnection, IClusterConnection> wrap) : IClusterListener
{
    public virtual Uri LocalEndPoint => inner.LocalEndPoint;

    public virtual async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await inner.AcceptAsync(cancellationToken) is { } connection ? wrap(connection) : null;

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}
