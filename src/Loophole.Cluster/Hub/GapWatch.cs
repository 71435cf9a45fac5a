using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Playback;

namespace Loophole.Cluster.Hub;

/// <summary>Sees gaps in what the audio callback reads, and says which they are and who was behind. One caller at a time.</summary>
/// <param name="events">Told of gaps.</param>
/// <param name="findLate">Finds what a signal waits for just now.</param>
internal sealed class GapWatch(IHubEvents events, Func<int, IEnumerable<LateSubgraph>> findLate)
{
    private readonly Dictionary<(int Signal, long StartFrame), Seen> _open = [];

    /// <summary>Looks at the signals that are heard. A gap that came and went since the last look is told with who is the furthest behind now.</summary>
    /// <param name="heard">The signals.</param>
    /// <param name="playhead">Render frame of what is heard next; where the gaps of what is not heard any more end.</param>
    public void Look(ImmutableArray<HeardSignal> heard, long playhead)
    {
        foreach (var (signal, delay) in heard)
        {
            if (signal.Gaps.OpenAt is { } start)
            {
                See(signal, start + delay);
            }

            while (signal.Gaps.TryTake(out var gap))
            {
                End(See(signal, gap.StartFrame + delay), gap.Frames);
            }
        }

        foreach (var left in _open.Keys.Where(open => !heard.Any(read => read.Signal.Id == open.Signal)).ToArray())
        {
            End(left, playhead - left.StartFrame);
        }
    }

    private (int Signal, long StartFrame) See(HubSignal signal, long startFrame)
    {
        var gap = (signal.Id, startFrame);
        var isNew = !_open.TryGetValue(gap, out var seen);
        var (stands, late) = _open[gap] = seen ?? new Seen(signal.Ring.WriteFrame, []);
        LateSubgraph[] now = [.. findLate(signal.Id).Take(GapHeard.MaxLate)];
        var before = late.Count;
        // As long as nothing moves: once one of them has delivered, others catch up who were held up by it.
        if (signal.Ring.WriteFrame == stands && late.Keys.All(id => now.Any(behind => behind.SubgraphId == id)))
        {
            foreach (var behind in now.TakeWhile(_ => late.Count < GapHeard.MaxLate))
            {
                // Who goes on with it later was not the one who was late.
                late.TryAdd(behind.SubgraphId, behind);
            }
        }

        if (isNew || late.Count > before)
        {
            Tell(gap, null);
        }

        return gap;
    }

    private void End((int Signal, long StartFrame) gap, long frames)
    {
        Tell(gap, frames);
        _open.Remove(gap);
    }

    private void Tell((int Signal, long StartFrame) gap, long? frames) =>
        events.Gap(new GapHeard(gap.Signal, gap.StartFrame, frames, [.. _open[gap].Late.Values.OrderBy(late => late.SubgraphId, StringComparer.Ordinal)]));

    /// <summary>What is known of a gap.</summary>
    /// <param name="StandsAt">How far its signal had come when it was first seen.</param>
    /// <param name="Late">Who was behind, by subgraph.</param>
    private sealed record Seen(long StandsAt, Dictionary<string, LateSubgraph> Late);
}
