namespace Loophole.DawProject;

/// <summary>Where a send taps its channel.</summary>
public enum DawSendType
{
    /// <summary>Before the fader.</summary>
    Pre = 0,

    /// <summary>After fader and pan.</summary>
    Post = 1,
}
