using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Passes everything on; what derives from it changes one thing. Connections go through <paramref name="wrap"/>.</summary>
internal class WrappedTransport(IClusterTransport inner, Func<IClusterConnection, IClusterConnection>? wrap = null) : IClusterTransport
{
    public virtual string Scheme => inner.Scheme;

    public virtual TransportSecurity Security => inner.Security;

    public virtual async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
        new WrappedListener(await inner.ListenAsync(local, cancellationToken), Wrap);

    public virtual async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default) =>
        Wrap(await inner.ConnectAsync(remote, cancellationToken));

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();

    protected IClusterConnection Wrap(IClusterConnection connection) => wrap?.Invoke(connection) ?? new WrappedConnection(connection);
}
