using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Quic;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.Transports;

namespace Loophole.Bench.Links;

/// <summary>Makes the transport of a carrier. Another carrier is one line in each of the two members.</summary>
internal static class BenchTransport
{
    public static IClusterTransport Create(Carrier carrier, WaitStrategy wait)
    {
        var links = new AudioLinkOptions { Wait = wait };
        return carrier switch
        {
            Carrier.Quic => new QuicTransport(new QuicTransportOptions { Credentials = NodeCredentials.Create("bench"), AudioLinks = links }),
            Carrier.Tls => new TcpTransport(new TcpTransportOptions { Credentials = NodeCredentials.Create("bench"), AudioLinks = links }),
            _ => new TcpTransport(new TcpTransportOptions { InsecureLoopback = true, AudioLinks = links }),
        };
    }

    public static Uri EndPoint(Carrier carrier) => new(carrier switch
    {
        Carrier.Quic => "quic://127.0.0.1:0",
        Carrier.Tls => "tcp://127.0.0.1:0",
        _ => "tcp://localhost:0",
    });
}
