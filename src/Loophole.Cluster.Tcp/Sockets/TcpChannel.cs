using System.Net.Sockets;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>A channel over one socket: a loop that fills the inbound pipe and a loop that drains the outbound one.</summary>
internal sealed class TcpChannel : PipeClusterChannel
{
    // What arrives after nobody reads any more is thrown away; whoever writes here writes rubbish.
    private static readonly byte[] Rubbish = new byte[16 * 1024];

    private readonly Socket _socket;
    private readonly SocketPipe _pipe;
    private readonly TcpSettings _settings;
    private readonly CancellationTokenSource _stopReceiving = new();
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private bool _hasPeerEnded;

    public TcpChannel(Socket socket, ChannelPurpose purpose, TcpSettings settings)
        : this(socket, settings.NewPipe(purpose), purpose, settings)
    {
    }

    private TcpChannel(Socket socket, SocketPipe pipe, ChannelPurpose purpose, TcpSettings settings)
        : base(pipe, purpose)
    {
        _socket = socket;
        _pipe = pipe;
        _settings = settings;
    }

    /// <summary>Starts both loops. Called once, before anybody can dispose the channel.</summary>
    /// <param name="onPeerEnded">Called when the peer has ended its side in good order.</param>
    public void Start(Action? onPeerEnded = null)
    {
        _receiving = ReceiveAllAsync(onPeerEnded);
        _sending = SendAllAsync();
    }

    /// <summary>Ends a channel of which the greeting could not be finished.</summary>
    public void Drop(Exception cause) => Fail(TcpErrors.OfChannel(cause));

    protected override void OnFailed(TransportException cause) => SocketIo.Reset(_socket);

    protected override async ValueTask OnDisposedAsync()
    {
        // A receive that waits holds rented memory.
        await _stopReceiving.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        try
        {
            await _sending.WaitAsync(_settings.Options.CloseTimeout, _settings.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            SocketIo.Reset(_socket);
            await _sending.ConfigureAwait(false);
        }

        _ = LingerAsync();
    }

    private async Task ReceiveAllAsync(Action? onPeerEnded)
    {
        var writer = _pipe.Inbound.Writer;
        try
        {
            while (true)
            {
                var count = await _socket.ReceiveAsync(writer.GetMemory(), SocketFlags.None, _stopReceiving.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    _hasPeerEnded = true;
                    break;
                }

                writer.Advance(count);
                var result = await writer.FlushAsync(_stopReceiving.Token).ConfigureAwait(false);
                if (result.IsCompleted)
                {
                    break;
                }
            }

            await writer.CompleteAsync().ConfigureAwait(false);
            if (_hasPeerEnded)
            {
                onPeerEnded?.Invoke();
            }
        }
        catch (OperationCanceledException) when (_stopReceiving.IsCancellationRequested)
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(TcpErrors.OfChannel(exception));
            await writer.CompleteAsync(Failure).ConfigureAwait(false);
        }
    }

    private async Task SendAllAsync()
    {
        var reader = _pipe.Outbound.Reader;
        using var sender = new SocketSender();
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync().ConfigureAwait(false);
                var buffer = result.Buffer;
                if (!buffer.IsEmpty)
                {
                    var count = await sender.SendAsync(_socket, buffer).ConfigureAwait(false);
                    buffer = buffer.Slice(count);
                }

                reader.AdvanceTo(buffer.Start);
                if (result.IsCompleted && buffer.IsEmpty)
                {
                    break;
                }
            }

            _socket.Shutdown(SocketShutdown.Send);
            await reader.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(TcpErrors.OfChannel(exception));
            await reader.CompleteAsync(Failure).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the peer's end, for a while: closing a socket with unread bytes resets it, and the peer could lose what it has
    /// not read yet.</summary>
    private async Task LingerAsync()
    {
        using var deadline = new CancellationTokenSource(_settings.Options.CloseTimeout, _settings.Time);
        try
        {
            while (!_hasPeerEnded)
            {
                _hasPeerEnded = await _socket.ReceiveAsync(Rubbish, SocketFlags.None, deadline.Token).ConfigureAwait(false) == 0;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody is left to tell.
        }
        finally
        {
            _socket.Dispose();
            _stopReceiving.Dispose();
        }
    }
}
