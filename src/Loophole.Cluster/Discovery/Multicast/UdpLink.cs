using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>A socket on one interface, at the port that all programs share which speak multicast DNS.</summary>
internal sealed class UdpLink : IMulticastLink, IAsyncDisposable
{
    /// <summary>The longest message that is taken (RFC 6762, 17).</summary>
    private const int MaxLength = 9000;

    /// <summary>Nothing that a router has passed on can have it (RFC 6762, 11).</summary>
    private const short TimeToLive = 255;

    private static readonly IPAddress Group = new([224, 0, 0, 251]);
    private static readonly IPAddress Group6 = IPAddress.Parse("ff02::fb");

    private readonly Socket _socket;
    private readonly IPEndPoint _everybody;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private UdpPlace _place;
    private Task _receiving = Task.CompletedTask;
    private bool _hasFailedToSend;

    private UdpLink(UdpPlace place, Socket socket, IPEndPoint everybody, ILogger logger)
    {
        (_place, _socket, _everybody, _logger) = (place, socket, everybody, logger);
        Addresses = AddressesOf(place);
    }

    public string Name => $"{_place.Name} ({(_place.Family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")})";

    public int Interface => _place.Index;

    public bool IsLoopback => _place.IsLoopback;

    public ImmutableArray<IPAddress> Addresses { get; set; }

    /// <summary>Whether nothing will come any more.</summary>
    public bool HasEnded => _receiving.IsCompleted;

    /// <summary>Opens a link; it receives nothing before <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">The system refuses.</exception>
    public static UdpLink Open(UdpPlace place, ILogger logger)
    {
        var socket = new Socket(place.Family, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // What does not go at once is lost; nobody waits for it.
            socket.Blocking = false;
            // Others are at this port, too.
            socket.ExclusiveAddressUse = false;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            var everybody = place.Family == AddressFamily.InterNetwork ? Join(socket, place.Index) : Join6(socket, place.Index);
            (socket.Ttl, socket.MulticastLoopback) = (TimeToLive, true);
            return new UdpLink(place, socket, everybody, logger);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Start(MulticastAgent agent) => _receiving = ReceiveAsync(agent);

    /// <summary>The interface is still there, perhaps with other addresses.</summary>
    public void Stay(UdpPlace place, MulticastAgent agent)
    {
        _place = place;
        var addresses = AddressesOf(place);
        if (!addresses.SequenceEqual(Addresses))
        {
            agent.ChangeAddresses(this, addresses);
        }
    }

    public void Send(ReadOnlySpan<byte> message, IPEndPoint? destination = null)
    {
        try
        {
            _socket.SendTo(message, SocketFlags.None, destination ?? _everybody);
            _hasFailedToSend = false;
        }
        catch (SocketException lost)
        {
            // As if the network had lost it. An interface that has just come, or is about to go, may refuse.
            if (!_hasFailedToSend)
            {
                ClusterLog.LinkNotSending(_logger, Name, lost.Message);
            }

            _hasFailedToSend = true;
        }
        catch (ObjectDisposedException)
        {
            // It has gone meanwhile.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _receiving.ConfigureAwait(false);
        _closing.Dispose();
    }

    private static ImmutableArray<IPAddress> AddressesOf(UdpPlace place) => [.. place.Addresses.Select(own => own.Address)];

    private static IPEndPoint Join(Socket socket, int index)
    {
        socket.Bind(new IPEndPoint(IPAddress.Any, MulticastAgent.Port));
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(index));
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, (int)TimeToLive);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(Group, index));
        return new IPEndPoint(Group, MulticastAgent.Port);
    }

    private static IPEndPoint Join6(Socket socket, int index)
    {
        socket.DualMode = false;
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, MulticastAgent.Port));
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.PacketInformation, true);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, (int)TimeToLive);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(Group6, index));
        return new IPEndPoint(new IPAddress(Group6.GetAddressBytes(), index), MulticastAgent.Port);
    }

    private async Task ReceiveAsync(MulticastAgent agent)
    {
        var buffer = new byte[MaxLength];
        var anybody = new IPEndPoint(_place.Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, anybody, _closing.Token).ConfigureAwait(false);
                // All sockets at the port are given what comes by any interface.
                if (received.PacketInformation.Interface == Interface && (received.SocketFlags & SocketFlags.Truncated) == 0
                    && received.RemoteEndPoint is IPEndPoint sender && _place.IsNear(sender.Address))
                {
                    agent.Receive(this, buffer.AsSpan(0, received.ReceivedBytes), sender);
                }
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
        {
            // Disposed.
        }
        catch (SocketException lost)
        {
            ClusterLog.LinkLost(_logger, Name, lost.Message);
        }
    }
}
