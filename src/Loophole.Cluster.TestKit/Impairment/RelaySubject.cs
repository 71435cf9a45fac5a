using System.Net;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>A transport over sockets, as the cases of <see cref="RelaySuite"/> see it: they put an <see cref="ImpairmentRelay"/> between its ends.
/// Connect deadlines of the transport must be well below <see cref="TransportSubject.TimeLimit"/>.</summary>
public abstract class RelaySubject : TransportSubject
{
    /// <summary>What the transport speaks. Default TCP. [any]</summary>
    public virtual RelayProtocol Protocol => RelayProtocol.Tcp;

    /// <summary>Every how many bytes the cases of cuts try one: 1 tries all. Default 1; larger where much is spoken, as under TLS. [any]</summary>
    public virtual int CutStep => 1;

    /// <summary>Where a listener's socket is. [any]</summary>
    /// <param name="listening">The listener's endpoint.</param>
    /// <returns>The socket's address. Default: the literal address and port in the endpoint.</returns>
    public virtual IPEndPoint SocketOf(Uri listening)
    {
        ArgumentNullException.ThrowIfNull(listening);
        return new IPEndPoint(IPAddress.Parse(listening.DnsSafeHost), listening.Port);
    }
}
