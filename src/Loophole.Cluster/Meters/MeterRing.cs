using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Meters;

/// <summary>Windows of one meter on their way from the thread that renders to the one that sends. One writer, one reader; neither waits, and only construction allocates.</summary>
internal sealed class MeterRing
{
    private readonly long[] _startFrames;
    private readonly MeterReading[] _readings;
    private readonly MeterReading[] _spare;
    private long _written;
    private long _taken;
    private long _dropped;

    /// <param name="audioChannels">Readings in a window.</param>
    /// <param name="capacity">Windows that may wait to be sent; what comes then is dropped.</param>
    public MeterRing(int audioChannels, int capacity) =>
        (_startFrames, _readings, _spare) = (new long[capacity], new MeterReading[checked(audioChannels * capacity)], new MeterReading[audioChannels]);

    /// <summary>Windows that found no room. [any]</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Takes every finished window of a meter. [render thread]</summary>
    public void Drain(IMeteredRenderer renderer, int meter)
    {
        while (true)
        {
            var isFull = _written - Volatile.Read(ref _taken) == _startFrames.Length;
            var slot = (int)(_written % _startFrames.Length);
            if (!renderer.TryTakeWindow(meter, isFull ? _spare : At(slot), out var startFrame))
            {
                return;
            }

            if (isFull)
            {
                Volatile.Write(ref _dropped, _dropped + 1);
            }
            else
            {
                _startFrames[slot] = startFrame;
                Volatile.Write(ref _written, _written + 1);
            }
        }
    }

    /// <summary>Takes the oldest window. [sender]</summary>
    /// <returns>Its start and its readings, or <see langword="null"/>.</returns>
    public (long StartFrame, MeterReading[] Readings)? TryTake()
    {
        if (_taken == Volatile.Read(ref _written))
        {
            return null;
        }

        var slot = (int)(_taken % _startFrames.Length);
        var window = (_startFrames[slot], At(slot).ToArray());
        Volatile.Write(ref _taken, _taken + 1);
        return window;
    }

    private Span<MeterReading> At(int slot) => _readings.AsSpan(slot * _spare.Length, _spare.Length);
}
