namespace Loophole.Cluster.Protocol.Links;

/// <summary>What an audio frame is. The numbers are on the wire and never change.</summary>
internal enum AudioFrameType : byte
{
    /// <summary>A block of samples.</summary>
    Block = 1,

    /// <summary>A credit for a stream.</summary>
    Credit = 2,

    /// <summary>A render horizon.</summary>
    Horizon = 3,

    /// <summary>Nothing more follows.</summary>
    End = 4,
}
