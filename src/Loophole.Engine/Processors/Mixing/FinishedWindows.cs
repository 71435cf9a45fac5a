using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Processors.Mixing;

/// <summary>The newest windows of a meter that nobody has taken. One caller; allocates only at construction.</summary>
/// <param name="audioChannels">Readings in a window.</param>
/// <param name="capacity">Windows that are kept; one more overwrites the oldest.</param>
internal sealed class FinishedWindows(int audioChannels, int capacity)
{
    private readonly long[] _startFrames = new long[capacity];
    private readonly MeterReading[] _readings = new MeterReading[audioChannels * capacity];
    private long _finished;
    private long _taken;

    /// <summary>Adds a window.</summary>
    /// <returns>Its readings, to be filled.</returns>
    public Span<MeterReading> Add(long startFrame)
    {
        var slot = (int)(_finished++ % capacity);
        _taken = Math.Max(_taken, _finished - capacity);
        _startFrames[slot] = startFrame;
        return At(slot);
    }

    /// <summary>Takes the oldest.</summary>
    public bool TryTake(Span<MeterReading> readings, out long startFrame)
    {
        if (_taken == _finished)
        {
            startFrame = 0;
            return false;
        }

        var slot = (int)(_taken++ % capacity);
        startFrame = _startFrames[slot];
        At(slot).CopyTo(readings);
        return true;
    }

    private Span<MeterReading> At(int slot) => _readings.AsSpan(slot * audioChannels, audioChannels);
}
