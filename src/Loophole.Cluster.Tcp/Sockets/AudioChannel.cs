using System.Net.Sockets;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>An audio channel over one line. No loop stands between its user's thread and the socket: waking another thread costs more
/// than all the rest of a block's way.</summary>
/// <remarks>The price: that the peer is lost is noticed by who reads or writes, and by nobody else.</remarks>
internal sealed class AudioChannel(SocketLine line, AudioPipe pipe, TcpSettings settings) : LineChannel(line, pipe, ChannelPurpose.Audio)
{
    // What arrives after nobody reads any more is thrown away; whoever writes here writes rubbish.
    private static readonly byte[] Rubbish = new byte[16 * 1024];

    private Task _draining = Task.CompletedTask;

    public override void Start(Action? onPeerEnded = null)
    {
        _draining = DrainAsync();
        pipe.Line.Start();
    }

    protected override async ValueTask OnDisposedAsync()
    {
        try
        {
            await _draining.WaitAsync(settings.Options.CloseTimeout, settings.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Line.Reset();
            await _draining.ConfigureAwait(false);
        }

        _ = LingerAsync();
    }

    private async Task DrainAsync()
    {
        try
        {
            await pipe.Writer.DrainAsync().ConfigureAwait(false);
        }
        catch (TransportException exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Waits for the peer's end, for a while: closing a socket with unread bytes resets it, and the peer could lose what it has
    /// not read yet.</summary>
    private async Task LingerAsync()
    {
        using var deadline = new CancellationTokenSource(settings.Options.CloseTimeout, settings.Time);
        try
        {
            while (!pipe.Reader.HasEnded && await Line.Socket.ReceiveAsync(Rubbish, SocketFlags.None, deadline.Token).ConfigureAwait(false) != 0)
            {
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody is left to tell.
        }
        finally
        {
            Line.Dispose();
        }
    }
}
