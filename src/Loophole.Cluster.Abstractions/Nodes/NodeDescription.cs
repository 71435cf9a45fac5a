using System.Collections.Immutable;

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

    /// <summary>Where it accepts connections: one endpoint per transport that it offers, in the order in which it would choose; 1 to 16, absolute,
    /// each of 256 characters at the most.</summary>
    /// <remarks>A Signal says what its listeners are bound to. Whoever has reached it reads that from its own side, and only what comes out is
    /// worth dialling: the endpoint that was dialled stands in the place of that scheme's, as it is known to work; an endpoint of another scheme
    /// whose host means everywhere (<c>0.0.0.0</c>, <c>[::]</c>) has the host that was dialled; all else is as the Signal says. That is a claim:
    /// nothing of a session is said there before the certificate that answers is known to be the Signal's.</remarks>
    public required ImmutableArray<Uri> EndPoints { get; init; }

    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Processor cores of the machine, 1 or more.</summary>
    public required int Cores { get; init; }

    /// <summary>Render threads it offers, 1 or more.</summary>
    public required int Workers { get; init; }

    /// <summary>Memory available to it, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>What it runs on.</summary>
    public HardwareProfile Hardware { get; init; } = HardwareProfile.Unknown;

    /// <summary>The plugins that it has, each format and id once, at most <see cref="NodePlugin.MostPlugins"/>; empty when it has none, and <see langword="null"/> (the default) when it does not say.</summary>
    /// <remarks>One that does not say is taken to have every plugin, so that nothing is kept from it for want of a word. One that has none is given nothing that needs any, as
    /// <see cref="Placement.PartitionNode.Plugins"/> says.</remarks>
    public ImmutableArray<NodePlugin>? Plugins { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }
}
