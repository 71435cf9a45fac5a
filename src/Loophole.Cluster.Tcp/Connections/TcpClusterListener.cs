using System.Net.Sockets;
using System.Threading.Channels;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Telemetry;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>Accepts sockets, and bounds how many may take how long to say what they want.</summary>
internal sealed class TcpClusterListener : IClusterListener
{
    private const int MaxWaiting = 128;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly TcpSettings _settings;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly Channel<AcceptedConnection> _waiting = Channel.CreateBounded<AcceptedConnection>(MaxWaiting);
    private readonly HalfOpenLines _halfOpen;
    private readonly Doorkeeper _doorkeeper;
    private readonly Action<TcpClusterListener> _onClosed;
    private readonly Task _accepting;
    private int _isDisposed;

    public TcpClusterListener(Socket socket, TcpSettings settings, Action<TcpClusterListener> onClosed)
    {
        _socket = socket;
        _settings = settings;
        _halfOpen = new HalfOpenLines(settings.Options.MaxHalfOpen);
        _doorkeeper = new Doorkeeper(settings, _waiting.Writer.TryWrite);
        _onClosed = onClosed;
        _stopped = _stop.Token;
        LocalEndPoint = TcpEndPoints.ToUri(socket.LocalEndPoint!);
        _accepting = AcceptAllAsync();
    }

    public Uri LocalEndPoint { get; }

    /// <summary>Lines that have not said yet what they want.</summary>
    internal int HalfOpen => _halfOpen.Count;

    /// <summary>Connections that came through here and are open.</summary>
    internal int Connections => _doorkeeper.Connections;

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
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _onClosed(this);
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        while (_waiting.Reader.TryRead(out var connection))
        {
            connection.Abort("The listener was disposed before anybody accepted the connection.");
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stopped).ConfigureAwait(false);
                _ = GreetAsync(new SocketLine(socket));
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of file handles, or a client that was gone at once: the next one may fare better.
                TcpLog.AcceptFailed(_settings.Logger, LocalEndPoint, exception);
                await Task.Delay(PauseAfterFailure, _settings.Time, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task GreetAsync(SocketLine line)
    {
        var place = _halfOpen.Add(line);
        string? refusal;
        try
        {
            _settings.Configure(line.Socket);
            using var deadline = new Deadline(_settings.Options.PreambleTimeout, _settings.Time, _stopped);
            refusal = await _doorkeeper.TryAdmitAsync(line, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (TcpErrors.IsOfLine(exception))
        {
            refusal = exception.Message;
        }
        catch (OperationCanceledException)
        {
            refusal = "it did not say in time what it wants";
        }

        var hadPlace = _halfOpen.TryRemove(place);
        if (refusal is not null)
        {
            TcpLog.ClientTurnedAway(_settings.Logger, line.RemoteEndPoint, hadPlace ? refusal : "too many had not said what they want, and it was the first of them");
            line.Dispose();
        }
    }
}
