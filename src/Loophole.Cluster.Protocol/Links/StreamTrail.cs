using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Finds the stream of the next block. Belongs to the one thread that sends, or receives, blocks.</summary>
/// <remarks>Blocks mostly come in the order in which they came a period ago, so that order is kept: a step along it reads two lines of memory and writes no reference,
/// where a look into the table reads four, from all over the heap.</remarks>
internal sealed class StreamTrail(ConcurrentDictionary<int, OpenStream> streams, StreamDirection direction)
{
    private OpenStream?[] _order = new OpenStream?[8];
    private int _length;
    private int _next;

    /// <summary>The newest epoch of a stream, of whichever direction, open or closed.</summary>
    public OpenStream? Find(int streamId)
    {
        var order = _order;
        var next = _next == _length ? 0 : _next;
        if ((uint)next < (uint)order.Length && order[next] is { } stream && stream.Id == streamId && !stream.IsReplaced)
        {
            _next = next + 1;
            return stream;
        }

        return LookUp(streamId);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private OpenStream? LookUp(int streamId)
    {
        if (!streams.TryGetValue(streamId, out var found) || found.Direction != direction)
        {
            return found;
        }

        if (_next > 0 && _order[0]!.Id == streamId)
        {
            // Once around.
            (_length, _next) = (_next, 0);
        }
        else if (_next == _order.Length)
        {
            Lengthen();
        }

        _order[_next++] = found;
        _length = Math.Max(_length, _next);
        return found;
    }

    private void Lengthen()
    {
        if (_order.Length > streams.Count)
        {
            // Whoever came first comes no more.
            _next = 0;
        }
        else
        {
            Array.Resize(ref _order, _order.Length * 2);
        }
    }
}
