using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.TestKit.Impairment.Relays;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>Stands between a client and a server of real sockets, on this machine, and treats what they send as a network would. Safe for concurrent use.</summary>
/// <remarks>
/// <para><b>Use.</b> Listens at a free port of the loopback address; let the client connect to <see cref="EndPoint"/> instead of the target. Each
/// direction is an <see cref="ImpairedLink"/>, shared by all clients.</para>
/// <para><b>Streams.</b> A reset of one side reaches the other as a reset, an end as an end, each after the link's delay. While a link
/// lets nothing pass, the relay still takes bytes from the sender up to its buffer, as a network does.</para>
/// <para><b>Datagrams.</b> They are lost, and with jitter overtake each other. Nobody is told of a cut.</para>
/// </remarks>
public sealed class ImpairmentRelay : IAsyncDisposable
{
    private readonly IRelay _relay;

    /// <summary>Starts a relay.</summary>
    /// <param name="target">The server.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="SocketException">No port can be bound.</exception>
    public ImpairmentRelay(IPEndPoint target, ImpairmentRelayOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new ImpairmentRelayOptions();
        var agenda = new Agenda(timeProvider ?? TimeProvider.System);
        ToTarget = new ImpairedLink("client", "target", options.Conditions, options.Seed, agenda, null);
        ToClient = new ImpairedLink("target", "client", options.Conditions, options.Seed + 1, agenda, null);
        _relay = options.Protocol == RelayProtocol.Udp
            ? new UdpRelay(target, options, ToTarget, ToClient)
            : new TcpRelay(target, options, ToTarget, ToClient);
    }

    /// <summary>Where clients connect. [any]</summary>
    public IPEndPoint EndPoint => _relay.EndPoint;

    /// <summary>The direction from clients to the target. [any]</summary>
    public ImpairedLink ToTarget { get; }

    /// <summary>The direction from the target to clients. [any]</summary>
    public ImpairedLink ToClient { get; }

    /// <summary>An endpoint of the target as clients must write it to go through the relay. [any]</summary>
    /// <param name="endPoint">The target's endpoint, such as a listener's.</param>
    /// <returns>The same with the relay's address and port.</returns>
    public Uri Through(Uri endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new UriBuilder(endPoint) { Host = EndPoint.Address.ToString(), Port = EndPoint.Port }.Uri;
    }

    /// <summary>Resets every connection and stops listening.</summary>
    /// <returns>Completes when every socket is closed and every buffer returned.</returns>
    public ValueTask DisposeAsync() => _relay.DisposeAsync();
}
