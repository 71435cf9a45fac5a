using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Nodes;

/// <summary>How a Signal stands with Pulse: what is proven of it, and not only said.</summary>
/// <param name="Fingerprint">Who it has proven to be; <see langword="null"/> on the same machine, where nobody is asked.</param>
/// <param name="Trust">What the trust store says of it; <see langword="null"/> where nobody is asked.</param>
/// <param name="Kind">Where it is.</param>
public sealed record NodeStanding(NodeFingerprint? Fingerprint, PeerState? Trust, PeerKind Kind)
{
    /// <summary>On the same machine, where nobody is asked who he is.</summary>
    public static NodeStanding SameMachine { get; } = new(null, null, PeerKind.Lan);
}
