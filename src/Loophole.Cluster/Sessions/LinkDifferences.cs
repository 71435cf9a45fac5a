using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>Makes differences of what the host counts of links. One caller at a time.</summary>
internal sealed class LinkDifferences
{
    private Dictionary<string, LinkCounts> _before = [];

    /// <summary>How it was since the last report.</summary>
    /// <param name="report">What was counted.</param>
    /// <param name="fault">What of it cannot be, or <see langword="null"/>.</param>
    /// <returns><see langword="null"/> when there is a fault: then this report tells nothing, and nothing is kept of it.</returns>
    public LinksMeasured? Next(LinksReport report, out string? fault)
    {
        fault = report.FindFault() ?? report.Links.Where(HasGoneBack).Select(link => $"what was counted of {link.SubgraphId} went back").FirstOrDefault();
        if (fault is not null)
        {
            return null;
        }

        var measured = report.Links.Select(link => new MeasuredLink(new NodeId(link.Node), Difference(link), Before(link) is null));
        var links = new LinksMeasured(report.Format, report.IsPlayed, [.. measured]);
        _before = report.Links.ToDictionary(link => link.SubgraphId);
        return links;
    }

    private bool HasGoneBack(LinkCounts now) => Before(now) is { } before
        && (now.BlocksReceived < before.BlocksReceived || now.BytesReceived < before.BytesReceived || now.BlocksSent < before.BlocksSent
            || now.BytesSent < before.BytesSent || now.LateBlocks < before.LateBlocks || now.ConcealedFrames < before.ConcealedFrames);

    /// <summary>What was counted of the same assignment.</summary>
    private LinkCounts? Before(LinkCounts now) =>
        _before.TryGetValue(now.SubgraphId, out var before) && before.Node == now.Node && before.Epoch == now.Epoch ? before : null;

    private LinkTelemetry Difference(LinkCounts now)
    {
        var before = Before(now);
        return new LinkTelemetry
        {
            SubgraphId = now.SubgraphId,
            MarginFrames = now.MarginFrames,
            MostFrames = now.MostFrames,
            LateBlocks = now.LateBlocks - (before?.LateBlocks ?? 0),
            ConcealedFrames = now.ConcealedFrames - (before?.ConcealedFrames ?? 0),
            BlocksReceived = now.BlocksReceived - (before?.BlocksReceived ?? 0),
            BytesReceived = now.BytesReceived - (before?.BytesReceived ?? 0),
            BlocksSent = now.BlocksSent - (before?.BlocksSent ?? 0),
            BytesSent = now.BytesSent - (before?.BytesSent ?? 0),
            CreditFrames = now.CreditFrames,
            CheckpointAgeFrames = now.CheckpointAgeFrames,
        };
    }
}
