using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Transports;

/// <summary>The in-memory transport under another scheme. Where nobody listens nobody answers.</summary>
internal sealed class NamedTransport(string scheme, TransportSecurity security = TransportSecurity.MutualTls) : IClusterTransport
{
    private readonly InMemoryTransport _inner = new();

    public string Scheme => scheme;

    public TransportSecurity Security => security;

    public bool IsDisposed { get; private set; }

    public async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
        new Listener(await _inner.ListenAsync(Translate(local, "memory"), cancellationToken), scheme);

    public ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default) =>
        _inner.ConnectAsync(Translate(remote, "memory"), cancellationToken);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return _inner.DisposeAsync();
    }

    private static Uri Translate(Uri uri, string scheme) => new($"{scheme}://{uri.Host}:{uri.Port}");

    private sealed class Listener(IClusterListener inner, string scheme) : IClusterListener
    {
        public Uri LocalEndPoint => Translate(inner.LocalEndPoint, scheme);

        public ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) => inner.AcceptAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
