namespace Loophole.Cluster.Protocol.Links;

/// <summary>What is to be done with a frame that arrived.</summary>
internal enum Verdict
{
    /// <summary>Hand it to the receiver.</summary>
    Take,

    /// <summary>Drop it and go on: its stream is closed or has a newer epoch, or it came early and was remembered.</summary>
    Drop,

    /// <summary>Not all of it is there.</summary>
    Wait,

    /// <summary>The peer broke the protocol.</summary>
    Violation,
}
