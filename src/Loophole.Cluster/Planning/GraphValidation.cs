using Loophole.Cluster.Graph;

namespace Loophole.Cluster.Planning;

/// <summary>Checks a graph before anything is made of it.</summary>
internal static class GraphValidation
{
    public static void Check(AudioGraph graph)
    {
        if (graph.SampleRate is < 8_000 or > 384_000)
        {
            throw new GraphException(GraphError.BadNumber, $"A sample rate of {graph.SampleRate} Hz is outside 8,000 to 384,000.");
        }

        if (graph.Channels.IsDefaultOrEmpty)
        {
            throw new GraphException(GraphError.Empty, "The project has no Channels: there is nothing to render.");
        }

        var channels = new HashSet<string>();
        var nodes = new HashSet<string>();
        foreach (var channel in graph.Channels)
        {
            Require(!string.IsNullOrEmpty(channel.Id) && !channel.Nodes.IsDefault, $"Channel \"{channel.Name}\" has no id, or no list of nodes.");
            Require(channels.Add(channel.Id), $"Two Channels have the id \"{channel.Id}\".");
            if (channel.AudioChannels is < 1 or > 64)
            {
                throw new GraphException(GraphError.BadNumber, $"Channel \"{channel.Name}\" has {channel.AudioChannels} audio channels; 1 to 64 are possible.");
            }

            CheckInput(channel);
            CheckNoteInput(channel);
            foreach (var node in channel.Nodes)
            {
                Require(!string.IsNullOrEmpty(node.Id) && !node.Parameters.IsDefault, $"A node of Channel \"{channel.Name}\" has no id, or no list of parameters.");
                Require(nodes.Add(node.Id), $"Two nodes have the id \"{node.Id}\".");
                Require(!node.IsLatencyTolerant || node is ProcessorNode or StackNode, $"Node \"{node.Id}\" of Channel \"{channel.Name}\" cannot be part of an insert: only processors and stacks can.");
                foreach (var parameter in node.Parameters)
                {
                    CheckParameter(channel, node, parameter);
                }

                if (node is LaneStreamNode lane)
                {
                    CheckClips(channel, lane);
                }
            }
        }

        Require(channels.Contains(graph.OutputChannelId), $"The output Channel \"{graph.OutputChannelId}\" is not in the graph.");
        foreach (var channel in graph.Channels)
        {
            Require(channel.OutputChannelId is null || channels.Contains(channel.OutputChannelId), $"Channel \"{channel.Name}\" feeds \"{channel.OutputChannelId}\", which is not in the graph.");
            foreach (var send in channel.Nodes.OfType<SendNode>())
            {
                Require(channels.Contains(send.TargetChannelId), $"A send of Channel \"{channel.Name}\" feeds \"{send.TargetChannelId}\", which is not in the graph.");
            }
        }
    }

    private static void CheckInput(Channel channel)
    {
        if (channel.InsertFrames < 0)
        {
            throw new GraphException(GraphError.BadNumber, $"Channel \"{channel.Name}\" has inserts with a budget of {channel.InsertFrames} frames; it is 1 or more, or 0 for none.");
        }

        if (channel.Input is not { } input)
        {
            return;
        }

        if (input.DeviceChannels.IsDefault || (input.DeviceChannels.Length != 1 && input.DeviceChannels.Length != channel.AudioChannels))
        {
            throw new GraphException(GraphError.BadNumber, $"Channel \"{channel.Name}\" hears {(input.DeviceChannels.IsDefault ? 0 : input.DeviceChannels.Length)} channels of the device; it can hear 1, or {channel.AudioChannels}.");
        }

        foreach (var deviceChannel in input.DeviceChannels)
        {
            if (deviceChannel is < 0 or >= ChannelInput.MaxDeviceChannels)
            {
                throw new GraphException(GraphError.BadNumber, $"Channel \"{channel.Name}\" hears channel {deviceChannel} of the device; they are counted from 0 to {ChannelInput.MaxDeviceChannels - 1}.");
            }
        }
    }

    private static void CheckNoteInput(Channel channel)
    {
        if (channel.Notes is not { } input)
        {
            return;
        }

        if (input.MidiChannel is not (null or (>= 0 and <= 15)))
        {
            throw new GraphException(GraphError.BadNumber, $"Channel \"{channel.Name}\" hears MIDI channel {input.MidiChannel}; they are counted from 0 to 15.");
        }

        var last = 0L;
        foreach (var message in input.Take ?? [])
        {
            if (!message.IsValid || message.Frame < last)
            {
                throw new GraphException(GraphError.BadNumber, $"The notes recorded of Channel \"{channel.Name}\" have a message at frame {message.Frame} that is none, or comes before the one before it.");
            }

            last = message.Frame;
        }
    }

    private static void CheckClips(Channel channel, LaneStreamNode lane)
    {
        foreach (var region in lane.Regions)
        {
            CheckRegion(channel, region);
        }

        Require(!lane.Notes.IsDefault, $"Node \"{lane.Id}\" of Channel \"{channel.Name}\" has no list of notes.");
        foreach (var note in lane.Notes)
        {
            if (note is not { Key: >= 0 and <= 127, MidiChannel: >= 0 and <= 15, Velocity: >= 0 and <= 1 } || note.EndFrame <= note.StartFrame)
            {
                throw new GraphException(GraphError.BadNumber, $"A note in Channel \"{channel.Name}\" from frame {note?.StartFrame} to {note?.EndFrame} has a number outside its range.");
            }
        }
    }

    private static void CheckRegion(Channel channel, ClipRegion region)
    {
        if (region.EndFrame <= region.StartFrame
            || !double.IsFinite(region.SourceStartFrame)
            || !double.IsFinite(region.Gain)
            || region.SourceStep is not (> 0 and <= 64)
            || region.FadeInFrames < 0
            || region.FadeOutFrames < 0)
        {
            throw new GraphException(GraphError.BadNumber, $"Clip \"{region.ClipName}\" in Channel \"{channel.Name}\" plays frames {region.StartFrame} to {region.EndFrame} with a number outside its range.");
        }
    }

    private static void CheckParameter(Channel channel, GraphNode node, ParameterSetting parameter)
    {
        var previous = long.MinValue;
        foreach (var point in parameter.Automation)
        {
            if (!double.IsFinite(point.Value) || point.Frame <= previous)
            {
                throw new GraphException(GraphError.BadNumber, $"The automation of \"{parameter.Name}\" of node \"{node.Id}\" in Channel \"{channel.Name}\" has a bad point at frame {point.Frame}: values are finite, frames grow.");
            }

            previous = point.Frame;
        }

        if (!double.IsFinite(parameter.Value))
        {
            throw new GraphException(GraphError.BadNumber, $"Parameter \"{parameter.Name}\" of node \"{node.Id}\" in Channel \"{channel.Name}\" is {parameter.Value}.");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new GraphException(GraphError.BadReference, message);
        }
    }
}
