namespace Loophole.Cluster.Graph;

/// <summary>What a Channel is for, as DAWproject names it.</summary>
public enum ChannelRole
{
    /// <summary>A track's channel.</summary>
    Regular = 0,

    /// <summary>The project's output.</summary>
    Master = 1,

    /// <summary>A return: fed by sends.</summary>
    Effect = 2,

    /// <summary>A group bus: fed by the outputs of other Channels.</summary>
    Submix = 3,
}
