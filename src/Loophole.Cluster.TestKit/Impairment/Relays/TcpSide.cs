using System.IO.Pipelines;
using System.Net.Sockets;

namespace Loophole.Cluster.TestKit.Impairment.Relays;

/// <summary>One of the two sockets of a pair, and the loops between it and its pipes.</summary>
internal sealed class TcpSide(Socket socket, PipeOptions options)
{
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _resetsAtEnd;

    public Socket Socket => socket;

    public FlowPipe Pipe { get; } = new(options);

    /// <summary>Receives and sends until the socket is done both ways; then closes it.</summary>
    /// <param name="arriving">The flow that fills the pipe from the other side; told when nobody takes its bytes any more.</param>
    public async Task RunAsync(ImpairedFlow arriving)
    {
        var receiving = ReceiveAllAsync();
        var isWhole = await SendAllAsync().ConfigureAwait(false);
        arriving.EndDestination();
        if (!isWhole)
        {
            ResetSoon();
        }

        await receiving.ConfigureAwait(false);
        socket.Dispose();
        _stop.Dispose();
    }

    /// <summary>From now on the end of what arrives is a reset.</summary>
    public void ResetAtEnd() => _resetsAtEnd = true;

    /// <summary>Resets the socket, on the pool: a caller may stand inside a call of one of the loops.</summary>
    public void ResetSoon() => ThreadPool.UnsafeQueueUserWorkItem(static side => side.Reset(), this, preferLocal: false);

    private void Reset()
    {
        // Before the loops are stopped, which close the socket in good order.
        Sockets.Reset(socket);
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Both loops have ended.
        }
    }

    private async Task ReceiveAllAsync()
    {
        var writer = Pipe.Output;
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(writer.GetMemory(), SocketFlags.None, _stop.Token).ConfigureAwait(false);
                writer.Advance(count);
                if (count == 0 || (await writer.FlushAsync(_stop.Token).ConfigureAwait(false)).IsCompleted)
                {
                    break;
                }
            }

            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            await writer.CompleteAsync(exception).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what arrives.</summary>
    /// <returns>Whether all of it was sent and then an end in good order.</returns>
    private async Task<bool> SendAllAsync()
    {
        var reader = Pipe.Input;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(_stop.Token).ConfigureAwait(false);
                foreach (var piece in result.Buffer)
                {
                    for (var rest = piece; !rest.IsEmpty;)
                    {
                        rest = rest[await socket.SendAsync(rest, SocketFlags.None, _stop.Token).ConfigureAwait(false)..];
                    }
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted && _resetsAtEnd)
                {
                    return false;
                }

                if (result.IsCompleted)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    return true;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
