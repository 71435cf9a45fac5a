using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>Makes the graph of what was found.</summary>
internal sealed class GraphAssembler(ResolveContext context, MediaImporter media)
{
    private long _length;

    public async Task<AudioGraph> AssembleAsync(List<ChannelPlan> plans, ChannelPlan master, CancellationToken cancellationToken)
    {
        var channels = ImmutableArray.CreateBuilder<Channel>(plans.Count);
        foreach (var plan in plans)
        {
            var clips = await MakeClipsAsync(plan, cancellationToken).ConfigureAwait(false);
            channels.Add(new Channel
            {
                Id = plan.Id,
                Name = plan.Name,
                Role = plan.Role,
                AudioChannels = plan.AudioChannels,
                OutputChannelId = plan.Output?.Id,
                Nodes = [.. MakeNodes(plan, clips)],
            });
        }

        return new AudioGraph { SampleRate = context.SampleRate, LengthFrames = _length, Channels = channels.MoveToImmutable(), OutputChannelId = master.Id };
    }

    private async Task<LaneStreamNode?> MakeClipsAsync(ChannelPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Content.IsEmpty)
        {
            return null;
        }

        var maker = new RegionMaker(context);
        var regions = ImmutableArray.CreateBuilder<ClipRegion>(plan.Content.Pieces.Count);
        foreach (var piece in plan.Content.Pieces)
        {
            var (id, info) = await media.ImportAsync(piece, cancellationToken).ConfigureAwait(false);
            var region = maker.Make(piece, id, info);
            _length = Math.Max(_length, region.EndFrame);
            regions.Add(region);
        }

        if (plan is { Content.Notes.Count: > 0, HasInstrument: false })
        {
            context.Reports.Add(DawProjectReportKind.Ignored, plan.Source, "There is no instrument here that plays its notes; they are kept and silent.");
        }

        foreach (var note in plan.Content.Notes)
        {
            _length = Math.Max(_length, note.EndFrame);
        }

        return new LaneStreamNode { Id = plan.NodeId("clips"), Regions = regions.MoveToImmutable(), Notes = [.. plan.Content.Notes] };
    }

    /// <summary>The order of the nodes: clips, devices, sends before the fader, fader, pan, sends after it, meter.</summary>
    private static IEnumerable<GraphNode> MakeNodes(ChannelPlan plan, LaneStreamNode? clips)
    {
        if (clips is not null)
        {
            yield return clips;
        }

        foreach (var device in plan.Devices)
        {
            yield return device.ToNode();
        }

        foreach (var send in MakeSends(plan, isPreFader: true))
        {
            yield return send;
        }

        yield return NodePlan.Processor(plan.NodeId("fader"), "fader", "", plan.Volume, plan.Mute).ToNode();
        yield return NodePlan.Processor(plan.NodeId("pan"), "pan", "", plan.Pan).ToNode();
        foreach (var send in MakeSends(plan, isPreFader: false))
        {
            yield return send;
        }

        yield return NodePlan.Processor(plan.NodeId("meter"), "meter", "").ToNode();
    }

    private static IEnumerable<GraphNode> MakeSends(ChannelPlan plan, bool isPreFader)
    {
        foreach (var send in plan.Sends)
        {
            if (send.Target is { } target && send.IsPreFader == isPreFader)
            {
                yield return new SendNode
                {
                    Id = send.Id,
                    Name = send.Source.Name ?? "",
                    TargetChannelId = target.Id,
                    Parameters = send.Level.ToSetting() is { } level ? [level] : [],
                };
            }
        }
    }
}
