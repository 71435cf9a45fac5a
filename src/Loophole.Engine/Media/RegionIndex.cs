namespace Loophole.Engine.Media;

/// <summary>Finds the regions that sound in a stretch of project time: sorted by start, with the latest end of each subtree (an implicit interval tree).</summary>
internal sealed class RegionIndex
{
    private readonly PlayedRegion[] _regions;
    private readonly int[] _byStart;
    private readonly long[] _latestEnd;
    private readonly int[] _found;
    private int _foundCount;

    /// <summary>Makes the index.</summary>
    /// <param name="regions">In the order in which they are to be added up.</param>
    public RegionIndex(PlayedRegion[] regions)
    {
        _regions = regions;
        _byStart = [.. Enumerable.Range(0, regions.Length).Where(i => regions[i].EndFrame > regions[i].StartFrame).OrderBy(i => regions[i].StartFrame)];
        _latestEnd = new long[_byStart.Length];
        _found = new int[_byStart.Length];
        FillLatestEnd(0, _byStart.Length);
    }

    /// <summary>The regions that touch a stretch, by number, ascending. Valid until the next call; allocates nothing.</summary>
    /// <param name="start">First project frame.</param>
    /// <param name="end">Project frame after the last.</param>
    public ReadOnlySpan<int> Find(long start, long end)
    {
        _foundCount = 0;
        Collect(0, _byStart.Length, start, end);
        var found = _found.AsSpan(0, _foundCount);
        found.Sort();
        return found;
    }

    /// <summary>The most regions that sound at one frame.</summary>
    public int MostAtOnce()
    {
        var ends = new PriorityQueue<long, long>();
        var most = 0;
        foreach (var number in _byStart)
        {
            while (ends.TryPeek(out _, out var end) && end <= _regions[number].StartFrame)
            {
                ends.Dequeue();
            }

            ends.Enqueue(number, _regions[number].EndFrame);
            most = Math.Max(most, ends.Count);
        }

        return most;
    }

    private long FillLatestEnd(int from, int to)
    {
        if (from == to)
        {
            return long.MinValue;
        }

        var middle = (from + to) / 2;
        var below = Math.Max(FillLatestEnd(from, middle), FillLatestEnd(middle + 1, to));
        return _latestEnd[middle] = Math.Max(_regions[_byStart[middle]].EndFrame, below);
    }

    private void Collect(int from, int to, long start, long end)
    {
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (_latestEnd[middle] <= start)
            {
                return;
            }

            Collect(from, middle, start, end);
            var region = _regions[_byStart[middle]];
            if (region.StartFrame >= end)
            {
                return;
            }

            if (region.EndFrame > start)
            {
                _found[_foundCount++] = _byStart[middle];
            }

            from = middle + 1;
        }
    }
}
