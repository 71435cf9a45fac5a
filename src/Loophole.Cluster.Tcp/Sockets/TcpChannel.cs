using System.Net.Sockets;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>A channel over one line: a loop that fills the inbound pipe and a loop that drains the outbound one.</summary>
internal sealed class TcpChannel(SocketLine line, SocketPipe pipe, ChannelPurpose purpose, TcpSettings settings) : LineChannel(line, pipe, purpose)
{
    // What arrives after nobody reads any more is thrown away; whoever writes here writes rubbish.
    private static readonly byte[] Rubbish = new byte[16 * 1024];

    private readonly CancellationTokenSource _stopReceiving = new();
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private bool _hasPeerEnded;

    public override void Start(Action? onPeerEnded = null)
    {
        _receiving = ReceiveAllAsync(onPeerEnded);
        _sending = SendAllAsync();
    }

    protected override async ValueTask OnDisposedAsync()
    {
        // A receive that waits holds rented memory.
        await _stopReceiving.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        try
        {
            await _sending.WaitAsync(settings.Options.CloseTimeout, settings.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Line.Reset();
            await _sending.ConfigureAwait(false);
        }

        _ = LingerAsync();
    }

    private async Task ReceiveAllAsync(Action? onPeerEnded)
    {
        var writer = pipe.Inbound.Writer;
        try
        {
            while (true)
            {
                var count = await Line.ReceiveAsync(writer.GetMemory(), _stopReceiving.Token).ConfigureAwait(false);
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
        var reader = pipe.Outbound.Reader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync().ConfigureAwait(false);
                var buffer = result.Buffer;
                if (!buffer.IsEmpty)
                {
                    var count = await Line.SendAsync(buffer).ConfigureAwait(false);
                    buffer = buffer.Slice(count);
                }

                reader.AdvanceTo(buffer.Start);
                if (result.IsCompleted && buffer.IsEmpty)
                {
                    break;
                }
            }

            await Line.EndAsync().ConfigureAwait(false);
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
        using var deadline = new CancellationTokenSource(settings.Options.CloseTimeout, settings.Time);
        try
        {
            while (!_hasPeerEnded)
            {
                _hasPeerEnded = await Line.Socket.ReceiveAsync(Rubbish, SocketFlags.None, deadline.Token).ConfigureAwait(false) == 0;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody is left to tell.
        }
        finally
        {
            Line.Dispose();
            _stopReceiving.Dispose();
        }
    }
}
