namespace Loophole.DawProject;

/// <summary>An audio file as a timeline: it runs in seconds from the file's start.</summary>
public sealed record DawAudio : DawTimeline
{
    /// <summary>The file.</summary>
    public required DawFileReference File { get; init; }

    /// <summary>Its length in seconds, as stored.</summary>
    public required double Duration { get; init; }

    /// <summary>Frames per second, as the writer knew it.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Audio channels, as the writer knew it.</summary>
    public required int Channels { get; init; }

    /// <summary>How the writing program stretches it.</summary>
    public string? Algorithm { get; init; }

    internal override string ElementName => "Audio";
}
