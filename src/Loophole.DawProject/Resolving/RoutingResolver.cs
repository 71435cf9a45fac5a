using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>Finds which Channel feeds which: the master, destinations, sends; and refuses circles.</summary>
internal sealed class RoutingResolver(string file, ReportLog reports, StructureResolver structure)
{
    /// <summary>Resolves all routes of the Channels that stay.</summary>
    /// <returns>The master.</returns>
    public ChannelPlan Resolve(List<ChannelPlan> channels, DawProjectDocument document)
    {
        var master = FindMaster(channels, document);
        foreach (var channel in channels)
        {
            if (channel != master)
            {
                channel.Output = OutputOf(channel, master);
            }

            foreach (var send in channel.Sends)
            {
                send.Target = TargetOf(send);
            }
        }

        new CycleCheck(file).Check(channels);
        return master;
    }

    private ChannelPlan FindMaster(List<ChannelPlan> channels, DawProjectDocument document)
    {
        ChannelPlan? master = null;
        foreach (var channel in channels.Where(channel => channel.Role == ChannelRole.Master))
        {
            if (master is null)
            {
                master = channel;
                continue;
            }

            reports.Add(DawProjectReportKind.Assumed, channel.Source, "There is a master before this one; it is a bus that feeds the first.");
            channel.Role = ChannelRole.Submix;
        }

        if (master is null)
        {
            reports.Add(DawProjectReportKind.Assumed, "Structure", "There is no master; one is added.");
            master = new ChannelPlan { Key = "#master", Source = document, Name = "Master", Role = ChannelRole.Master, Content = new TrackContent() };
            channels.Add(master);
        }

        return master;
    }

    private ChannelPlan OutputOf(ChannelPlan channel, ChannelPlan master)
    {
        var destination = channel.Channel?.Destination;
        if (string.IsNullOrEmpty(destination))
        {
            reports.Add(DawProjectReportKind.Assumed, channel.Source, "There is no destination; it feeds the master.");
            return master;
        }

        if (structure.IsController(destination))
        {
            return master;
        }

        return structure.Find(destination) ?? throw Dangling(channel.Source, destination);
    }

    private ChannelPlan? TargetOf(SendPlan send)
    {
        var destination = send.Source.Destination;
        if (string.IsNullOrEmpty(destination) || structure.IsController(destination))
        {
            reports.Add(DawProjectReportKind.Ignored, send.Source, "The send feeds no channel that carries audio; it is left out.");
            return null;
        }

        return structure.Find(destination) ?? throw Dangling(send.Source, destination);
    }

    private DawProjectException Dangling(DawElement element, string id) =>
        new(DawProjectError.DanglingReference, $"{file}: {element.Describe()} feeds \"{ReportLog.Shorten(id)}\", which is no channel.");
}
