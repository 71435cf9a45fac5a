using System.Net;
using System.Net.Sockets;

namespace Loophole.EndToEnd.Tests.Processes.Faults;

/// <summary>Stands on the loopback before a satellite, passes everything on, and stands for the network that fails.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly ByteMeter[] _meters;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _loops = [];
    private volatile bool _isBlackHole;

    /// <param name="target">The satellite.</param>
    /// <param name="meters">Count both directions of every connection.</param>
    public Relay(IPEndPoint target, params ByteMeter[] meters)
    {
        (_target, _meters) = (target, meters);
        _listener.Start();
        Keep(AcceptAsync());
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Resets every connection and takes no new ones.</summary>
    public void Cut()
    {
        _listener.Stop();
        lock (_gate)
        {
            foreach (var socket in _sockets)
            {
                socket.Close(timeout: 0);
            }
        }
    }

    /// <summary>Passes nothing on any more; every connection stays.</summary>
    public void BecomeBlackHole() => _isBlackHole = true;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Cut();
        Task[] loops;
        lock (_gate)
        {
            loops = [.. _loops];
        }

        await Task.WhenAll(loops);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_ending.Token);
                var far = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                (near.NoDelay, far.NoDelay) = (true, true);
                lock (_gate)
                {
                    _sockets.AddRange(near, far);
                }

                Keep(JoinAsync(near, far));
            }
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or disposed.
        }
    }

    private async Task JoinAsync(Socket near, Socket far)
    {
        try
        {
            await far.ConnectAsync(_target, _ending.Token);
            await Task.WhenAll(PassAsync(near, far), PassAsync(far, near));
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side ended badly, and so does the other: with a reset.
            near.Close(timeout: 0);
            far.Close(timeout: 0);
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReceiveAsync(buffer, _ending.Token) is > 0 and var count)
        {
            foreach (var meter in _meters)
            {
                meter.Count(count);
            }

            if (_isBlackHole)
            {
                await Task.Delay(Timeout.Infinite, _ending.Token);
            }

            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ending.Token);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private void Keep(Task loop)
    {
        lock (_gate)
        {
            _loops.Add(loop);
        }
    }
}
