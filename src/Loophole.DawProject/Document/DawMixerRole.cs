namespace Loophole.DawProject;

/// <summary>What a channel is for.</summary>
public enum DawMixerRole
{
    /// <summary>A track's channel.</summary>
    Regular = 0,

    /// <summary>The project's output.</summary>
    Master = 1,

    /// <summary>A return, fed by sends.</summary>
    Effect = 2,

    /// <summary>A group bus.</summary>
    Submix = 3,

    /// <summary>Remote control of other channels' volumes; carries no audio.</summary>
    Vca = 4,
}
