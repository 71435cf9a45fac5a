using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Sessions;

/// <summary>What a Signal says of itself, before it is believed as far as that goes.</summary>
internal static class NodeClaims
{
    /// <summary>Whether all of it can be. [any]</summary>
    /// <returns>The same.</returns>
    /// <exception cref="ControlException">Something cannot.</exception>
    public static NodeDescription Check(NodeDescription description) =>
        PluginRules.FindObjection(description.Plugins) is { } objection ? throw new ControlException(ControlException.BadAnswerCode, $"It says of its plugins what cannot be: {objection}.")
        : description is { Workers: >= 1 and <= 256, Name.Length: >= 1 and <= 64, MemoryBytes: >= 0 } && Enum.IsDefined(description.Role) && IsSane(description.Hardware) && AdvertisedEndPoints.AreSane(description.EndPoints)
            ? description
            : throw new ControlException(ControlException.BadAnswerCode, "It describes itself with numbers or endpoints that cannot be.");

    private static bool IsSane(HardwareProfile hardware) =>
        hardware is { OperatingSystem.Length: <= HardwareProfile.MostCharacters, Processor.Length: <= HardwareProfile.MostCharacters, VectorBits: >= 0 and <= 1 << 16 } && RequestRules.IsSpeed(hardware.Speed);
}
