using System.Threading.Channels;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>Waiting connections of one in-memory endpoint.</summary>
internal sealed class InMemoryListener(Uri local, Action<InMemoryListener> onClosed) : IClusterListener
{
    private const int MaxWaiting = 128;

    private readonly Channel<InMemoryConnection> _waiting = Channel.CreateBounded<InMemoryConnection>(MaxWaiting);

    public Uri LocalEndPoint => local;

    public bool TryAdd(InMemoryConnection connection) => _waiting.Writer.TryWrite(connection);

    public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_waiting.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        onClosed(this);
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var connection))
        {
            connection.Abort("The listener was disposed before anybody accepted the connection.");
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
