using System.Collections.Immutable;
using Loophole.Cluster.TestKit.Impairment;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>The last things that happened, up to a number.</summary>
internal sealed class NetworkTrace(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<TraceEntry> _entries = new();

    public ImmutableArray<TraceEntry> Snapshot()
    {
        lock (_gate)
        {
            return [.. _entries];
        }
    }

    public void Add(long ticks, ImpairedLink link, int channel, TraceEvent what, long number)
    {
        lock (_gate)
        {
            if (_entries.Count == capacity)
            {
                _entries.Dequeue();
            }

            if (capacity > 0)
            {
                _entries.Enqueue(new TraceEntry(TimeSpan.FromTicks(ticks), link.From, link.To, channel, what, number));
            }
        }
    }
}
