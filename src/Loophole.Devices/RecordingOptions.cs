namespace Loophole.Devices;

/// <summary>Settings of a <see cref="RecordingDevice"/>. Read once, at construction.</summary>
public sealed class RecordingOptions
{
    /// <summary>How much sound waits for the disk before frames are lost. Default 4 s; 50 ms to 60 s. The memory is taken at construction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan Buffer
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(60));
    } = TimeSpan.FromSeconds(4);

    /// <summary>How often what waits is written. Default 50 ms; 1 ms to 10 s, and best far below <see cref="Buffer"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan WritePeriod
    {
        get;
        init => field = Check(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
    } = TimeSpan.FromMilliseconds(50);

    private static TimeSpan Check(TimeSpan value, TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
