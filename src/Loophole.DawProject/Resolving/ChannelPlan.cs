using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>A Channel to be.</summary>
internal sealed class ChannelPlan
{
    public required string Key { get; init; }

    /// <summary>The element it stands for: a channel, a track without one, or the document for a master that is not there.</summary>
    public required DawElement Source { get; init; }

    public required string Name { get; init; }

    public ChannelRole Role { get; set; }

    public int AudioChannels { get; init; } = 2;

    public DawChannel? Channel { get; init; }

    /// <summary>Whether the file marks it soloed.</summary>
    public bool IsSoloed => Channel?.Solo == true;

    /// <summary>Whether it exists only if its track plays something.</summary>
    public bool IsOptional { get; init; }

    /// <summary>What its track plays.</summary>
    public required TrackContent Content { get; init; }

    public List<NodePlan> Devices { get; } = [];

    /// <summary>Whether one of its devices is an instrument of ours.</summary>
    public bool HasInstrument { get; set; }

    public List<SendPlan> Sends { get; } = [];

    public ParameterSlot? Volume { get; set; }

    public ParameterSlot? Mute { get; set; }

    public ParameterSlot? Pan { get; set; }

    /// <summary>The Channel it feeds.</summary>
    public ChannelPlan? Output { get; set; }

    public string Id => $"ch:{Key}";

    public string NodeId(string part) => $"node:{Key}:{part}";

    public void HoldMuted()
    {
        Mute ??= new ParameterSlot("mute", 1);
        Mute.Hold(1);
    }
}
