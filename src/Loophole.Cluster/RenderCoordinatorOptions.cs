using Loophole.Cluster.Placement;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster;

/// <summary>Settings of a <see cref="RenderCoordinator"/>. Read once, at construction.</summary>
public sealed class RenderCoordinatorOptions
{
    /// <summary>What Pulse calls itself, for people; 1 to 64 characters. Default the machine's name.</summary>
    /// <exception cref="ArgumentException">The value has another length.</exception>
    public string Name
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, 64, nameof(value));
            field = value;
        }
    } = Environment.MachineName;

    /// <summary>With whom Pulse works; <see langword="null"/> (the default) for Signals on the same machine only. <see cref="RenderCoordinator.ConnectAsync(Uri, NodeTrust, CancellationToken)"/> may say otherwise for one Signal.</summary>
    public NodeTrust? Trust { get; init; }

    /// <summary>What is learnt of costs, and used where something is placed. Shared with whoever else uses it; by default it is empty and forgotten.</summary>
    public CostBook Costs { get; init; } = new(LearntCosts.Empty);

    /// <summary>How long the host may take to use a token that lets it connect to a node. Default 10 s; 100 ms to 5 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan TokenLifetime
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(100));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(5));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

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
