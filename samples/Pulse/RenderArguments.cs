using Loophole.Cluster.Placement;
using Loophole.Cluster.Settings;
using Loophole.Cluster.Transports;

namespace Loophole.Pulse;

/// <summary>How to render, apart from what.</summary>
internal sealed record RenderArguments
{
    public int Satellites { get; init; }

    /// <summary>Satellites that run already: HOST:PORT each.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Whether Signals that are found in the network take part.</summary>
    public bool FindsNodes { get; init; }

    /// <summary>What is set about distribution.</summary>
    public ClusterSettings Settings { get; init; } = ClusterSettings.Default;

    /// <summary>Says of a node's name why it is not asked to take part, or nothing.</summary>
    public Func<string, string?> FindObjection { get => field ?? Settings.FindObjection; init; }

    public TransportChoice Transport { get; init; }

    public int Workers { get; init; } = 1;

    public DistributionPolicy Policy { get; init; } = DistributionPolicy.Balanced;

    public int BlockFrames { get; init; } = 256;

    public int SampleRate { get; init; } = 48_000;

    public double TailSeconds { get; init; } = 2;

    /// <summary>Frames to render; <see langword="null"/> for the project's length and the tail.</summary>
    public long? Frames { get; init; }

    public string? EventLogPath { get; init; }

    /// <summary>A folder with what Channels heard of a device, or <see langword="null"/>: they hear nothing.</summary>
    public string? TakesFolder { get; init; }

    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(5);

    public bool InsecureLoopback { get; init; }

    public string? StoreFolder { get; init; }

    public string? JoinFile { get; init; }

    /// <summary>What trust rules call the project.</summary>
    public string? ProjectName { get; init; }
}
