using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Telemetry;

namespace Loophole.Cluster.Sessions;

/// <summary>The gaps of a session, in the user's words: which Channels of which Signals were not heard, from where on and for how long.</summary>
/// <param name="parts">What the session is made of.</param>
internal sealed class GapLog(SessionParts parts)
{
    /// <summary>How many gaps are kept. What comes after the first of them is in the count of late blocks alone.</summary>
    public const int Capacity = 1_000;

    private readonly Dictionary<(int Signal, long StartFrame), int> _open = [];

    /// <summary>The gaps, in the order in which they were seen.</summary>
    public ImmutableArray<PlayGap> All { get; private set; } = [];

    /// <summary>Takes note of what the host says of a gap.</summary>
    /// <param name="said">What it says.</param>
    /// <param name="channelsOf">The Channels of a subgraph, by their id.</param>
    public void Take(GapHeard said, Func<string, ImmutableArray<string>> channelsOf)
    {
        if (!_open.TryGetValue((said.SignalId, said.StartFrame), out var at))
        {
            if (All.Length == Capacity)
            {
                return;
            }

            at = _open[(said.SignalId, said.StartFrame)] = All.Length;
            All = All.Add(new PlayGap(said.StartFrame - parts.Plan.LatencyFrames, null, [], []));
        }

        var before = All[at];
        var gap = before with
        {
            Frames = said.Frames,
            ChannelIds = [.. before.ChannelIds.Union(said.Late.SelectMany(late => channelsOf(late.SubgraphId)))],
            Nodes = [.. before.Nodes.Union(said.Late.Select(late => NameOf(new NodeId(late.Node))))],
        };
        All = All.SetItem(at, gap);
        if (gap.Frames is { } frames)
        {
            _open.Remove((said.SignalId, said.StartFrame));
            ClusterLog.GapHeard(parts.Logger, string.Join(", ", gap.ChannelIds), string.Join(", ", gap.Nodes), gap.StartFrame, frames);
        }
    }

    private string NameOf(NodeId node) =>
        parts.Registry.Current.Nodes.FirstOrDefault(known => known.Description.Id == node)?.Description.Name ?? node.ToString();
}
