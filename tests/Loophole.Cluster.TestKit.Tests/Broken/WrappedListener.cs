using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Passes everything on.</summary>
internal sealed class WrappedListener(IClusterListener inner, Func<IClusterConnection, IClusterConnection> wrap) : IClusterListener
{
    public Uri LocalEndPoint => inner.LocalEndPoint;

    public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await inner.AcceptAsync(cancellationToken) is { } connection ? wrap(connection) : null;

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
