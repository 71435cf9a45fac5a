using System.Net;
using System.Net.Sockets;

namespace Loophole.Cluster.TestKit.Impairment.Relays;

/// <summary>Forwards datagrams: each client has a socket to the target that stands for it.</summary>
internal sealed class UdpRelay : IRelay
{
    private const int MostBytes = 65536;

    private readonly IPEndPoint _target;
    private readonly ImpairmentRelayOptions _options;
    private readonly ImpairedLink _toTarget;
    private readonly ImpairedLink _toClient;
    private readonly Socket _socket;
    private readonly Dictionary<EndPoint, UdpPeer> _peers = [];
    private readonly Task _receiving;

    public UdpRelay(IPEndPoint target, ImpairmentRelayOptions options, ImpairedLink toTarget, ImpairedLink toClient)
    {
        _target = target;
        _options = options;
        _toTarget = toTarget;
        _toClient = toClient;
        _socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(target.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _receiving = ReceiveAllAsync();
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _receiving.ConfigureAwait(false);
        foreach (var peer in _peers.Values)
        {
            await peer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ReceiveAllAsync()
    {
        var buffer = new byte[MostBytes];
        var any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            SocketReceiveFromResult received;
            try
            {
                received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any).ConfigureAwait(false);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
            {
                // A client whose port is closed by now.
                continue;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            Find(received.RemoteEndPoint)?.SendToTarget(buffer.AsSpan(0, received.ReceivedBytes));
        }
    }

    private UdpPeer? Find(EndPoint client)
    {
        if (!_peers.TryGetValue(client, out var peer) && _peers.Count < _options.MaxClients)
        {
            _peers[client] = peer = new UdpPeer(_socket, client, _target, _options, _toTarget, _toClient);
        }

        return peer;
    }
}
