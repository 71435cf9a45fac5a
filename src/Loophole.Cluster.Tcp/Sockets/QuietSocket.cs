using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Waits for a socket by looking at it now and then.</summary>
/// <remarks>The runtime's event loop never lets go of a socket that has waited there once: from then on every arrival wakes the loop's
/// thread and one of the pool, whoever reads. On an audio line that doubles the time of an exchange. So such lines are greeted like this;
/// it costs a few milliseconds, once.</remarks>
internal static class QuietSocket
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(4);

    public static async ValueTask ConnectAsync(Socket socket, EndPoint remote, CancellationToken cancellationToken)
    {
        socket.Blocking = false;
        try
        {
            socket.Connect(remote);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            for (var pause = FirstPause; !socket.Connected; pause = Longer(pause))
            {
                var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
                if (error != SocketError.Success)
                {
                    throw new SocketException((int)error);
                }

                await Task.Delay(pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        socket.Blocking = false;
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var count = socket.Receive(buffer.Span, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                return count;
            }

            if (error != SocketError.WouldBlock)
            {
                throw new SocketException((int)error);
            }

            // Not a clock that a host may have stopped: deadlines are the caller's, in the token.
            await Task.Delay(pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause < LongestPause ? pause * 2 : pause;
}
