using System.Collections.Immutable;

namespace Loophole.DawProject.Resolving;

/// <summary>The inside of warps: straight lines between the warp points, the first and last line going on beyond them.</summary>
internal sealed class WarpScope(TimeScope outer, DawTimeUnit unit, ImmutableArray<DawWarp> warps) : TimeScope
{
    public override DawTimeUnit Unit => unit;

    public override bool IsRealTime => false;

    public override double SecondsAt(double time)
    {
        var index = IndexOf(warp => warp.ContentTime, time);
        var from = warps[index];
        var to = warps[index + 1];
        return outer.SecondsAt(from.Time + ((time - from.ContentTime) * (to.Time - from.Time) / (to.ContentTime - from.ContentTime)));
    }

    public override double TimeAt(double seconds)
    {
        var time = outer.TimeAt(seconds);
        var index = IndexOf(warp => warp.Time, time);
        var from = warps[index];
        var to = warps[index + 1];
        return from.ContentTime + ((time - from.Time) * (to.ContentTime - from.ContentTime) / (to.Time - from.Time));
    }

    public override void AddBends(double from, double to, List<double> bends)
    {
        outer.AddBends(from, to, bends);
        foreach (var warp in warps)
        {
            var seconds = outer.SecondsAt(warp.Time);
            if (seconds > from && seconds < to)
            {
                bends.Add(seconds);
            }
        }
    }

    private int IndexOf(Func<DawWarp, double> key, double value)
    {
        var low = 0;
        var high = warps.Length - 2;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (key(warps[middle]) <= value)
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
