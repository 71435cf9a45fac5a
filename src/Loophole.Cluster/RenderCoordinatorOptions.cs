namespace Loophole.Cluster;

/// <summary>Settings of a <see cref="RenderCoordinator"/>. Read once, at construction.</summary>
public sealed class RenderCoordinatorOptions
{
    /// <summary>Silence after which a Signal is declared lost. Default 5 s; 200 ms to 10 min. Offline nothing hurries: a false alarm costs only time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan LostAfter
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(200));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(10));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    /// <summary>How long a command may take, such as a deployment that opens many files; also how long a Signal may take no media while it is sent some. Default 60 s; 1 s to 1 h.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan CommandTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(60);
}
