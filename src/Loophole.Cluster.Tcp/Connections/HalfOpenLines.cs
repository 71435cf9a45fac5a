using Loophole.Cluster.Tcp.Sockets;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>The lines that have not yet said what they want, oldest first, and only so many of them. Safe for concurrent use.</summary>
internal sealed class HalfOpenLines(int most)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<SocketLine> _lines = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>Gives a line a place. When there is none the oldest line is reset: it has had its chance, and a new client is not made to wait for slow ones.</summary>
    public LinkedListNode<SocketLine> Add(SocketLine line)
    {
        lock (_gate)
        {
            if (_lines.Count >= most)
            {
                _lines.First!.Value.Reset();
                _lines.RemoveFirst();
            }

            return _lines.AddLast(line);
        }
    }

    /// <summary>Gives a place back.</summary>
    /// <returns><see langword="false"/> when it was taken away before.</returns>
    public bool TryRemove(LinkedListNode<SocketLine> place)
    {
        lock (_gate)
        {
            if (place.List is null)
            {
                return false;
            }

            _lines.Remove(place);
            return true;
        }
    }
}
