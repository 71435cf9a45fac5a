namespace Loophole.Cluster.Timeline;

/// <summary>Starts a transport segment: from here on project frames run along with render frames, or stand still.</summary>
public sealed record TransportEvent : RenderEvent
{
    /// <summary>The project frame at <see cref="RenderEvent.Frame"/>.</summary>
    public required long ProjectFrame { get; init; }

    /// <summary>Whether project time runs. While it stands, clips are silent and automation holds.</summary>
    public required bool IsPlaying { get; init; }

    /// <summary>Whether all DSP state starts afresh (a locate), or goes on (a loop).</summary>
    public bool ResetsState { get; init; }
}
