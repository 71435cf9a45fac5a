using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Tests.Support;

/// <summary>Finds things in graphs.</summary>
internal static class GraphQueries
{
    public static Channel Channel(this DawProjectGraphResult result, string id) => result.Graph.Channels.Single(channel => channel.Id == id);

    public static GraphNode Node(this DawProjectGraphResult result, string id) => result.Graph.Channels.SelectMany(channel => channel.Nodes).Single(node => node.Id == id);

    public static ParameterSetting? Setting(this DawProjectGraphResult result, string nodeId, string name) => result.Node(nodeId).Parameters.SingleOrDefault(setting => setting.Name == name);

    public static ClipRegion[] Regions(this DawProjectGraphResult result, string channelId = "ch:c1") =>
        [.. result.Channel(channelId).Nodes.OfType<LaneStreamNode>().SelectMany(node => node.Regions)];

    public static bool Reports(this DawProjectGraphResult result, DawProjectReportKind kind, string element, string text) =>
        result.Reports.Any(report => report.Kind == kind && report.Element.Contains(element, StringComparison.Ordinal) && report.Message.Contains(text, StringComparison.Ordinal));
}
