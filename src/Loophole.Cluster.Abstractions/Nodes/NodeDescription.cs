namespace Loophole.Cluster.Nodes;

/// <summary>What a Signal said about itself when it registered.</summary>
public sealed record NodeDescription
{
    /// <summary>The Signal.</summary>
    public required NodeId Id { get; init; }

    /// <summary>Its name, for people; not necessarily unique.</summary>
    public required string Name { get; init; }

    /// <summary>Host or satellite.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>Where it accepts connections.</summary>
    public required Uri EndPoint { get; init; }

    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Processor cores of the machine, 1 or more.</summary>
    public required int Cores { get; init; }

    /// <summary>Render threads it offers, 1 or more.</summary>
    public required int Workers { get; init; }

    /// <summary>Memory available to it, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }
}
