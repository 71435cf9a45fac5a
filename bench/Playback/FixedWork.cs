namespace Loophole.Bench.Playback;

/// <summary>The same arithmetic every time, on memory of its own: how fast the processor is right now for a thread that waits for nobody.</summary>
internal sealed class FixedWork
{
    /// <summary>64 KiB: as the callback, it wants more than the nearest cache.</summary>
    private readonly float[] _samples = new float[1 << 14];

    public void Run()
    {
        var samples = _samples;
        var last = 1f;
        for (var at = 0; at < samples.Length; at++)
        {
            // Each waits for the one before it, so that nothing is left away or done at once.
            last = (samples[at] * 0.5f) + (last * 0.25f) + 1f;
            samples[at] = last;
        }
    }
}
