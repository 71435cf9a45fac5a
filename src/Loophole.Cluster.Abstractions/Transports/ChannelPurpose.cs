namespace Loophole.Cluster.Transports;

/// <summary>What a channel of a connection carries. The numbers are on the wire and never change.</summary>
public enum ChannelPurpose
{
    /// <summary>IPC envelopes. Every connection has exactly one, from the start.</summary>
    Control = 1,

    /// <summary>Render events and gesture values.</summary>
    Events = 2,

    /// <summary>Audio frames; opened as an audio link.</summary>
    Audio = 3,

    /// <summary>Checkpoints.</summary>
    State = 4,

    /// <summary>Media assets.</summary>
    Media = 5,

    /// <summary>Plugin windows.</summary>
    PluginUi = 6,

    /// <summary>What meters have measured.</summary>
    Meters = 7,
}
