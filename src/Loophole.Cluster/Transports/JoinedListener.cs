using System.Threading.Channels;

namespace Loophole.Cluster.Transports;

/// <summary>Several listeners as one, for a process that offers more than one transport: accepts whoever comes first at any of them.</summary>
/// <remarks>One connection of each listener at most is accepted before somebody asks for it; the rest wait where the transport lets them.</remarks>
public sealed class JoinedListener : IClusterListener
{
    private readonly IReadOnlyList<IClusterListener> _listeners;
    private readonly Channel<IClusterConnection> _accepted;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _isDisposed;

    /// <summary>Joins listeners and starts to accept.</summary>
    /// <param name="listeners">At least one; this object's from now on.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public JoinedListener(IReadOnlyList<IClusterListener> listeners)
    {
        ArgumentNullException.ThrowIfNull(listeners);
        if (listeners.Count == 0)
        {
            throw new ArgumentException("At least one listener.", nameof(listeners));
        }

        _listeners = [.. listeners];
        _accepted = Channel.CreateBounded<IClusterConnection>(_listeners.Count);
        _accepting = AcceptAllAsync(_stop.Token);
    }

    /// <summary>The first listener's endpoint. [any]</summary>
    public Uri LocalEndPoint => _listeners[0].LocalEndPoint;

    /// <inheritdoc/>
    public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_accepted.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    /// <summary>Disposes the listeners and the connections that nobody has taken. Idempotent. [any]</summary>
    /// <returns>Completes when no port is bound any more.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        foreach (var listener in _listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        while (_accepted.Reader.TryRead(out var connection))
        {
            await DropAsync(connection).ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private static ValueTask DropAsync(IClusterConnection connection)
    {
        connection.Abort("The listener was disposed before anybody accepted the connection.");
        return connection.DisposeAsync();
    }

    private async Task AcceptAllAsync(CancellationToken stopped)
    {
        await Task.WhenAll(_listeners.Select(l => AcceptAllAsync(l, stopped))).ConfigureAwait(false);
        _accepted.Writer.Complete();
    }

    private async Task AcceptAllAsync(IClusterListener listener, CancellationToken stopped)
    {
        try
        {
            while (await listener.AcceptAsync(stopped).ConfigureAwait(false) is { } connection)
            {
                try
                {
                    await _accepted.Writer.WriteAsync(connection, stopped).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    await DropAsync(connection).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
