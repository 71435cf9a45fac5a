namespace Loophole.Cluster.Transports;

/// <summary>A listener of one transport, counted and struck off the list when disposed.</summary>
internal sealed class TransportSetListener(IClusterListener inner, Action<Uri> onAccepted, Action<Uri> onClosed) : IClusterListener
{
    private int _isDisposed;

    public Uri LocalEndPoint => inner.LocalEndPoint;

    public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var connection = await inner.AcceptAsync(cancellationToken).ConfigureAwait(false);
        if (connection is not null)
        {
            onAccepted(LocalEndPoint);
        }

        return connection;
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            onClosed(LocalEndPoint);
        }

        return inner.DisposeAsync();
    }
}
