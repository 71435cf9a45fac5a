using System.Globalization;

namespace Loophole.Bench.Playback;

/// <summary>Pauses of the garbage collector since it was made.</summary>
internal sealed class PauseMeter
{
    private readonly TimeSpan _paused = GC.GetTotalPauseDuration();
    private readonly int[] _collections = [.. Collections()];

    public string Read()
    {
        var collections = Collections().Zip(_collections, static (now, before) => now - before);
        return string.Create(CultureInfo.InvariantCulture, $"Garbage collections by generation: {string.Join(", ", collections)}; {(GC.GetTotalPauseDuration() - _paused).TotalMilliseconds:0.0} ms of pauses.");
    }

    private static IEnumerable<int> Collections() => Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount);
}
