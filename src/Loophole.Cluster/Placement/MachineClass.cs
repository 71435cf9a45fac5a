using System.Globalization;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>Machines for which processors cost alike: those with the same processor and the same width of vectors.</summary>
internal static class MachineClass
{
    /// <summary>No name has more characters.</summary>
    public const int MostCharacters = HardwareProfile.MostCharacters + 12;

    /// <summary>The name of a machine's class. [any]</summary>
    public static string Of(HardwareProfile hardware) => string.Create(CultureInfo.InvariantCulture, $"{hardware.Processor}, {hardware.VectorBits} bit");
}
