using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.Cluster.Planning;

/// <summary>The order in which Channels can be rendered, limited to those that reach the output.</summary>
internal static class ChannelOrder
{
    /// <summary>Sorts topologically; among Channels that are ready, Channel order decides, so the result is the same everywhere.</summary>
    public static ImmutableArray<Channel> Sort(AudioGraph graph)
    {
        var index = graph.Channels.Select((channel, at) => (channel.Id, at)).ToDictionary(x => x.Id, x => x.at);
        var targets = graph.Channels.Select(channel => Targets(channel).Select(id => index[id]).ToArray()).ToArray();
        var feeders = new int[targets.Length];
        foreach (var target in targets.SelectMany(t => t))
        {
            feeders[target]++;
        }

        var ready = new SortedSet<int>(Enumerable.Range(0, feeders.Length).Where(c => feeders[c] == 0));
        var order = new List<int>(targets.Length);
        while (ready.Count > 0)
        {
            var next = ready.Min;
            ready.Remove(next);
            order.Add(next);
            foreach (var target in targets[next])
            {
                if (--feeders[target] == 0)
                {
                    ready.Add(target);
                }
            }
        }

        if (order.Count < targets.Length)
        {
            throw new GraphException(GraphError.Cycle, $"These Channels feed each other in a circle: {Circle(graph, targets, feeders)}.");
        }

        var reaches = new bool[targets.Length];
        foreach (var channel in Enumerable.Reverse(order))
        {
            reaches[channel] = channel == index[graph.OutputChannelId] || targets[channel].Any(target => reaches[target]);
        }

        return [.. order.Where(channel => reaches[channel]).Select(channel => graph.Channels[channel])];
    }

    /// <summary>What a Channel feeds: its sends in their order, then its main output.</summary>
    private static IEnumerable<string> Targets(Channel channel)
    {
        var sends = channel.Nodes.OfType<SendNode>().Select(send => send.TargetChannelId);
        return channel.OutputChannelId is { } main ? sends.Append(main) : sends;
    }

    private static string Circle(AudioGraph graph, int[][] targets, int[] feeders)
    {
        // A Channel that still waits may merely be behind the circle, but it always has a waiting feeder: walking back ends inside.
        int FeederOf(int channel) => Enumerable.Range(0, targets.Length).First(c => feeders[c] > 0 && targets[c].Contains(channel));
        var seen = new List<int>();
        var at = Array.FindIndex(feeders, waiting => waiting > 0);
        while (!seen.Contains(at))
        {
            seen.Add(at);
            at = FeederOf(at);
        }

        var circle = seen.Skip(seen.IndexOf(at)).Reverse().Append(seen[^1]);
        return string.Join(" → ", circle.Select(c => $"\"{graph.Channels[c].Name}\""));
    }
}
