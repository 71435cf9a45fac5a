using System.Collections.Concurrent;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Keeps everything that is reported, and passes it on.</summary>
internal sealed class MeterReports(IProgress<PlayProgress> next) : IProgress<PlayProgress>
{
    private readonly ConcurrentQueue<PlayProgress> _all = new();

    public IReadOnlyCollection<PlayProgress> All => _all;

    public void Report(PlayProgress value)
    {
        _all.Enqueue(value);
        next.Report(value);
    }

    /// <summary>Waits until so many meters show the last window that was heard.</summary>
    public Task UntilShownAsync(int count, int windowFrames)
    {
        var before = _all.Count;
        return Wait.Until(
            () => _all.Count > before && _all.Last() is var last && last.Meters.Count(level => level.StartFrame == MeterWindows.StartOf(last.RenderFrame, windowFrames) - windowFrames) == count,
            $"{count} meters at what was heard, at {_all.Last()} {string.Join(' ', _all.Last().Meters)}");
    }
}
