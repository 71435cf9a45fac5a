namespace Loophole.Pulse;

/// <summary>What a line of a <see cref="PlayScript"/> does.</summary>
internal enum PlayDeed
{
    /// <summary>Project time runs.</summary>
    Run,

    /// <summary>Project time stands still.</summary>
    Pause,

    /// <summary>Project time stands still where playing started.</summary>
    Stop,

    /// <summary>Project time goes elsewhere.</summary>
    Locate,

    /// <summary>Something else is repeated, or nothing.</summary>
    Loop,

    /// <summary>A parameter is set, or given back.</summary>
    Set,

    /// <summary>A hand moves a parameter for a while.</summary>
    Gesture,

    /// <summary>A Channel comes to be rendered in the audio callback.</summary>
    Live,

    /// <summary>A Channel is rendered ahead again.</summary>
    Ahead,

    /// <summary>More or less leaves the host.</summary>
    Distribute,
}
