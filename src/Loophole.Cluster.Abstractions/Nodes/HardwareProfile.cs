using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Nodes;

/// <summary>What a Signal runs on, as it says itself.</summary>
public sealed record HardwareProfile
{
    /// <summary>No text has more characters.</summary>
    public const int MostCharacters = 200;

    /// <summary>Nothing is known.</summary>
    public static HardwareProfile Unknown { get; } = new();

    /// <summary>Operating system with its version, for people; at most <see cref="MostCharacters"/> characters.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>Processor, for people; at most <see cref="MostCharacters"/> characters.</summary>
    public string Processor { get; init; } = "";

    /// <summary>Width of the vectors that its renderers use, in bits; 0 or more.</summary>
    public int VectorBits { get; init; }

    /// <summary>How much one of its render threads renders in real time, measured when it started; in the units of <see cref="PartitionUnit.Cost"/>, above 0, at most 10⁹.</summary>
    public double Speed { get; init; } = PartitionNode.UnknownSpeed;
}
