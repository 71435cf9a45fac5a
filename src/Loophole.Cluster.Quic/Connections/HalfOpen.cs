using System.Net.Quic;
using System.Runtime.Versioning;
using Loophole.Cluster.Quic.Wire;

namespace Loophole.Cluster.Quic.Connections;

/// <summary>Connections that have not said yet what they are for. One more than the limit ends the oldest, which has had its chance: a new client
/// is not made to wait for slow ones.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class HalfOpen(int limit)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<QuicConnection> _connections = [];

    public LinkedListNode<QuicConnection> Add(QuicConnection connection)
    {
        QuicConnection? oldest = null;
        LinkedListNode<QuicConnection> place;
        lock (_gate)
        {
            if (_connections.Count >= limit)
            {
                oldest = _connections.First!.Value;
                _connections.RemoveFirst();
            }

            place = _connections.AddLast(connection);
        }

        if (oldest is not null)
        {
            _ = QuicPeerConnection.DropAsync(oldest, CloseCode.NoHello).AsTask();
        }

        return place;
    }

    public void Remove(LinkedListNode<QuicConnection> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
            {
                _connections.Remove(place);
            }
        }
    }
}
