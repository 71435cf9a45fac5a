using System.Collections.Immutable;
using System.Globalization;
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

    /// <summary>Why a node comes late, or is about to, in a sentence; <see langword="null"/> when it does not. What has just begun is not late: it catches up.</summary>
    /// <param name="node">The node.</param>
    /// <param name="links">What <see cref="Of"/> says of it.</param>
    public string? FindLateness(NodeId node, ImmutableArray<LinkTelemetry> links)
    {
        var settled = Links.Where(measured => measured.Node == node && !measured.HasJustBegun).Select(measured => measured.Link.SubgraphId).ToHashSet();
        return links.Where(link => link.Reason.Length > 0 && settled.Contains(link.SubgraphId)).MinBy(link => link.MarginFrames) is { } worst
            ? string.Create(CultureInfo.InvariantCulture, $"{worst.MarginFrames} of {worst.MostFrames} frames ahead. {worst.Reason}")
            : null;
    }
}
