using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>The network as one of its places uses it.</summary>
internal sealed class SimulatedHost(SimulatedNetwork network, string name) : IClusterTransport
{
    private readonly Lock _gate = new();
    private readonly List<IClusterListener> _listeners = [];
    private bool _isDisposed;

    public string Scheme => network.Scheme;

    public TransportSecurity Security => network.Security;

    public ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        var listener = network.Listen(local);
        lock (_gate)
        {
            _listeners.Add(listener);
        }

        return new ValueTask<IClusterListener>(listener);
    }

    public ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        return network.ConnectAsync(name, remote, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        IClusterListener[] listeners;
        lock (_gate)
        {
            _isDisposed = true;
            listeners = [.. _listeners];
            _listeners.Clear();
        }

        foreach (var listener in listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void ThrowIfDisposed()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
        }
    }
}
