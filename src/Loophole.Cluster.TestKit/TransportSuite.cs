using Loophole.Cluster.TestKit.Control;
using Loophole.Cluster.TestKit.Faults;
using Loophole.Cluster.TestKit.Links;
using Loophole.Cluster.TestKit.Resources;
using Loophole.Cluster.TestKit.Transports;

namespace Loophole.Cluster.TestKit;

/// <summary>What every transport must pass. See <c>docs/conformance.md</c>.</summary>
/// <remarks>LINK: audio links. XPRT: transports, listeners, connections and channels. CTRL: envelopes over the control channel. FAULT: peers and
/// callers that misbehave. RES: what is left behind, and what is allocated. Each case ends with nothing rented.</remarks>
public static class TransportSuite
{
    /// <summary>All cases, by id. [any]</summary>
    public static IReadOnlyList<ConformanceCase<TransportSubject>> Cases { get; } =
    [
        .. LinkBlockCases.All, .. LinkCreditCases.All, .. LinkEpochCases.All, .. LinkArgumentCases.All, .. LinkReceiveCases.All,
        .. LinkFlushCases.All, .. LinkEndCases.All, .. LinkFailureCases.All,
        .. TransportCases.All, .. ListenerCases.All, .. ConnectionCases.All, .. ConnectionEndCases.All, .. ChannelCases.All,
        .. ControlCases.All, .. ControlFailureCases.All,
        .. PeerFaultCases.All, .. CallFaultCases.All, .. RawPeerCases.All,
        .. ResourceCases.All,
    ];
}
