using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster;

/// <summary>Settings of a <see cref="SignalService"/>. Read once, at construction.</summary>
public sealed class SignalOptions
{
    /// <summary>What it calls itself to Pulse, and where it is advertised. Default a random one.</summary>
    public NodeId Id { get; init; } = new(Guid.NewGuid());

    /// <summary>Host or satellite. Default satellite.</summary>
    public NodeRole Role { get; init; } = NodeRole.Satellite;

    /// <summary>Its name, for people; 1 to 64 characters. Default the machine's name.</summary>
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

    /// <summary>With whom it works; <see langword="null"/> (the default) for a Pulse on the same machine only.</summary>
    public NodeTrust? Trust { get; init; }

    /// <summary>Render threads. Default 1; 1 to 256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int Workers
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256);
            field = value;
        }
    } = 1;

    /// <summary>The plugins that it has, as it tells Pulse; <see langword="null"/> (the default) to say nothing of them: then it is taken to have every one. At most <see cref="NodePlugin.MostPlugins"/>,
    /// each format and id once, as long as <see cref="NodePlugin"/> says.</summary>
    /// <exception cref="ArgumentException">The list breaks one of these rules; the message says which, and what in it.</exception>
    public ImmutableArray<NodePlugin>? Plugins
    {
        get;
        init => field = PluginRules.FindObjection(value) is { } objection ? throw new ArgumentException($"It cannot be that {objection}.", nameof(value)) : value;
    }

    /// <summary>Version of the program, as it is told to Pulse.</summary>
    public string Version { get; init; } = typeof(SignalOptions).Assembly.GetName().Version?.ToString() ?? "0";

    /// <summary>Silence of Pulse after which its session ends and all work is dropped. Default 15 s; 2 s, in which a Pulse says something four times, to 10 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan PulseDeadline
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(2));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(10));
            field = value;
        }
    } = TimeSpan.FromSeconds(15);
}
