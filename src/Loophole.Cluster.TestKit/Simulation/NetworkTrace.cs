using System.Collections.Immutable;
using Loophole.Cluster.TestKit.Impairment;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>The last things that happened, up to a number. All memory is taken at the start, so that a channel in steady state allocates nothing.</summary>
internal sealed class NetworkTrace(int capacity)
{
    private readonly Lock _gate = new();
    private readonly TraceEntry[] _entries = new TraceEntry[capacity];
    private long _count;

    public ImmutableArray<TraceEntry> Snapshot()
    {
        lock (_gate)
        {
            var kept = (int)Math.Min(_count, capacity);
            var entries = ImmutableArray.CreateBuilder<TraceEntry>(kept);
            for (var i = _count - kept; i < _count; i++)
            {
                entries.Add(_entries[i % capacity]);
            }

            return entries.MoveToImmutable();
        }
    }

    public void Add(long ticks, ImpairedLink link, int channel, TraceEvent what, long number)
    {
        if (capacity == 0)
        {
            return;
        }

        lock (_gate)
        {
            _entries[_count++ % capacity] = new TraceEntry(TimeSpan.FromTicks(ticks), link.From, link.To, channel, what, number);
        }
    }
}
