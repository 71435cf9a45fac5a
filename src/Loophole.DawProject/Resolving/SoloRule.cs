using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>What solo does to a mix that nobody listens to live: it mutes.</summary>
/// <remarks>Heard are the soloed Channels; what they feed, by destination and by sends, and so on to the master; and what feeds a soloed Channel
/// by its destination (the members of a soloed group). Everything else is muted, and its sends carry nothing.</remarks>
internal static class SoloRule
{
    public static void Apply(List<ChannelPlan> channels, ChannelPlan master, ReportLog reports)
    {
        var soloed = channels.Where(channel => channel.IsSoloed && channel != master).ToArray();
        if (soloed.Length == 0)
        {
            return;
        }

        var heard = new HashSet<ChannelPlan> { master };
        foreach (var channel in soloed)
        {
            AddFed(channel, heard);
        }

        foreach (var channel in channels.Where(channel => LeadsInto(channel, soloed)))
        {
            AddFed(channel, heard);
        }

        foreach (var channel in channels.Where(channel => !heard.Contains(channel)))
        {
            channel.HoldMuted();
            foreach (var send in channel.Sends)
            {
                send.Level.Hold(0);
            }
        }

        reports.Add(DawProjectReportKind.Ignored, soloed[0].Source, $"{soloed.Length} channels are soloed; {channels.Count - heard.Count} others are muted.");
    }

    private static void AddFed(ChannelPlan start, HashSet<ChannelPlan> heard)
    {
        var pending = new Stack<ChannelPlan>([start]);
        while (pending.TryPop(out var channel))
        {
            if (!heard.Add(channel))
            {
                continue;
            }

            if (channel.Output is { } output)
            {
                pending.Push(output);
            }

            foreach (var send in channel.Sends)
            {
                if (send.Target is { } target)
                {
                    pending.Push(target);
                }
            }
        }
    }

    private static bool LeadsInto(ChannelPlan channel, ChannelPlan[] soloed)
    {
        for (var output = channel.Output; output is not null; output = output.Output)
        {
            if (soloed.Contains(output) && output.Role != ChannelRole.Master)
            {
                return true;
            }
        }

        return false;
    }
}
