using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>How what all nodes render has come to the host since the last report.</summary>
/// <param name="Format">What the session agrees on; <see langword="null"/> without one.</param>
/// <param name="IsPlayed">Whether what comes too late is heard.</param>
/// <param name="Links">Subgraph by subgraph.</param>
internal sealed record LinksMeasured(SessionFormat? Format, bool IsPlayed, ImmutableArray<MeasuredLink> Links)
{
    /// <summary>Nothing was said yet.</summary>
    public static LinksMeasured None { get; } = new(null, false, []);

    /// <summary>Those of a node, with why there is little margin.</summary>
    /// <param name="node">The node.</param>
    /// <param name="telemetry">How it was meanwhile.</param>
    public ImmutableArray<LinkTelemetry> Of(NodeId node, NodeTelemetry telemetry) =>
    [
        .. Links
            .Where(measured => measured.Node == node)
            .Select(measured => measured.Link with { Reason = IsPlayed && Format is not null ? MarginReason.Of(measured.Link, telemetry, Format, measured.HasJustBegun) : "" }),
    ];
}
