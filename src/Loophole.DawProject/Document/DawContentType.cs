namespace Loophole.DawProject;

/// <summary>What a track holds.</summary>
public enum DawContentType
{
    /// <summary>Audio clips.</summary>
    Audio = 0,

    /// <summary>Automation.</summary>
    Automation = 1,

    /// <summary>Note clips.</summary>
    Notes = 2,

    /// <summary>Video.</summary>
    Video = 3,

    /// <summary>Markers.</summary>
    Markers = 4,

    /// <summary>Other tracks: a folder or group.</summary>
    Tracks = 5,
}
