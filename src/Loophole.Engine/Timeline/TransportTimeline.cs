using Loophole.Cluster.Timeline;

namespace Loophole.Engine.Timeline;

/// <summary>Every transport segment so far, in order. Shared by all nodes of a renderer, each of which reads it at its own frame.</summary>
/// <remarks>
/// <para>Segment 0 is what holds before the first event: stopped at project frame 0.</para>
/// <para>Segments may be added while other threads read before them: what is known only ever grows, and a segment is seen whole or not at all.</para>
/// </remarks>
internal sealed class TransportTimeline
{
    private TransportSegment[] _segments = new TransportSegment[16];
    private int _count = 1;

    public TransportTimeline() => _segments[0] = new TransportSegment(long.MinValue, 0, IsPlaying: false, ResetsState: false);

    /// <summary>A segment.</summary>
    public ref readonly TransportSegment this[int index] => ref Volatile.Read(ref _segments)[index];

    /// <summary>The frame after the last one of a segment, as far as known; <see cref="long.MaxValue"/> for the last segment.</summary>
    public long EndFrame(int index) => index + 1 < Volatile.Read(ref _count) ? this[index + 1].StartFrame : long.MaxValue;

    /// <summary>Starts a segment; events come in order.</summary>
    public void Add(TransportEvent change)
    {
        var segment = new TransportSegment(change.Frame, change.ProjectFrame, change.IsPlaying, change.ResetsState);
        ref readonly var last = ref _segments[_count - 1];
        if (last.StartFrame == segment.StartFrame)
        {
            // The earlier event of this frame plays no frame at all, but its reset has happened.
            _segments[_count - 1] = segment with { ResetsState = segment.ResetsState || last.ResetsState };
            return;
        }

        if (_count == _segments.Length)
        {
            var more = new TransportSegment[_count * 2];
            _segments.CopyTo(more, 0);
            Volatile.Write(ref _segments, more);
        }

        _segments[_count] = segment;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>The segment that holds at a frame.</summary>
    public int IndexAt(long frame)
    {
        var (low, high) = (0, Volatile.Read(ref _count) - 1);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (this[middle].StartFrame <= frame)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
