using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Session;

/// <summary>Puts what a session says of a Channel into it.</summary>
internal static class ChannelSetup
{
    /// <returns>The Channel with it.</returns>
    /// <param name="session">What is said.</param>
    /// <param name="channel">Of whom.</param>
    /// <param name="reports">Told what cannot be done, a line each.</param>
    public static Channel Apply(ChannelSession session, Channel channel, ImmutableArray<string>.Builder reports) => channel with
    {
        IsLive = session.ForceLive,
        Input = InputOf(session, channel, reports),
        Notes = NotesOf(session),
        InsertFrames = session.InsertFrames,
        Nodes = session.InsertFrames > 0 ? WithInserts(session, channel, reports) : channel.Nodes,
    };

    private static ChannelInput? InputOf(ChannelSession session, Channel channel, ImmutableArray<string>.Builder reports)
    {
        if (!(session.Monitor || session.Arm) || session.Input.IsEmpty)
        {
            return null;
        }

        if (session.Input.Length == 1 || session.Input.Length == channel.AudioChannels)
        {
            return new ChannelInput { DeviceChannels = [.. session.Input.Select(number => number - 1)], IsMonitored = session.Monitor };
        }

        reports.Add($"Channel \"{channel.Name}\" hears nothing of the device: it is to hear {session.Input.Length} channels of it, and can hear 1 or {channel.AudioChannels}.");
        return null;
    }

    private static NoteInput? NotesOf(ChannelSession session) => session.Midi is { } channel && (session.Monitor || session.Arm)
        ? new NoteInput { MidiChannel = channel == ChannelSession.AllMidiChannels ? null : channel - 1, IsMonitored = session.Monitor }
        : null;

    private static ImmutableArray<GraphNode> WithInserts(ChannelSession session, Channel channel, ImmutableArray<string>.Builder reports)
    {
        var chosen = session.InsertNodes.IsEmpty ? DevicesOf(channel) : session.InsertNodes;
        foreach (var id in chosen.Where(id => !channel.Nodes.Any(node => node.Id == id && CanBeInsert(node))))
        {
            reports.Add($"Channel \"{channel.Name}\" has no Node {id} that could be an insert.");
        }

        return [.. channel.Nodes.Select(node => CanBeInsert(node) && chosen.Contains(node.Id) ? node with { IsLatencyTolerant = true } : node)];
    }

    private static ImmutableArray<string> DevicesOf(Channel channel) =>
        [.. channel.Nodes.TakeWhile(node => node is not SendNode and not ProcessorNode { Processor: "fader" }).Where(CanBeInsert).Select(node => node.Id)];

    private static bool CanBeInsert(GraphNode node) => node is ProcessorNode or StackNode;
}
