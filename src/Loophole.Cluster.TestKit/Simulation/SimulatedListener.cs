using System.Threading.Channels;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>Waiting connections of one endpoint of a simulated network.</summary>
internal sealed class SimulatedListener(Uri local, Action<SimulatedListener> onClosed) : IClusterListener
{
    private const int MaxWaiting = 128;

    private readonly Channel<SimulatedConnection> _waiting = Channel.CreateBounded<SimulatedConnection>(MaxWaiting);

    public Uri LocalEndPoint => local;

    public bool TryAdd(SimulatedConnection connection) => _waiting.Writer.TryWrite(connection);

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
