namespace Loophole.Cluster.Hub;

/// <summary>Where the output signal goes. Its position is the playhead of the session.</summary>
internal interface IHubOutput
{
    /// <summary>Frames before this one are behind it. [any]</summary>
    long Playhead { get; }

    /// <summary>How far may be rendered ahead of it; never more than the format's lead, for which there is room. [any]</summary>
    int LeadFrames { get; }

    /// <summary>Grows as long as audio comes; what it stands still at is where it is missing. [any]</summary>
    long Reached { get; }

    /// <summary>Runs to the end of the session.</summary>
    /// <param name="onPlayhead">Called when the playhead has moved.</param>
    /// <param name="cancellationToken">Ends it; what is unfinished is lost.</param>
    Task RunAsync(Action<long> onPlayhead, CancellationToken cancellationToken);
}
