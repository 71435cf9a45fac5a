namespace Loophole.Cluster.Nodes;

/// <summary>How what a Signal renders of one subgraph has come to the host over the last second or so, as the host says, which alone knows when it has to be there.</summary>
public sealed record LinkTelemetry
{
    /// <summary>The subgraph (<c>SubgraphPlan.Id</c>).</summary>
    public required string SubgraphId { get; init; }

    /// <summary>The margin: the least that what came was ahead of when it had to be there, in frames. Negative when it was late; <see langword="null"/> when nothing was due. Where a file is written, ahead of what is in it.</summary>
    public required long? MarginFrames { get; init; }

    /// <summary>What the margin can be at the most, in frames: the lead, or an insert's budget; 0 or more.</summary>
    public required int MostFrames { get; init; }

    /// <summary>Why there is little margin, in a sentence; empty where there is enough, or where nobody hears when there is not.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Blocks that came too late.</summary>
    public long LateBlocks { get; init; }

    /// <summary>Frames at which there was a gap in what is heard, as they had not come. 0 of what is heard only as a part of something else.</summary>
    public long ConcealedFrames { get; init; }

    /// <summary>Blocks that it sent.</summary>
    public long BlocksReceived { get; init; }

    /// <summary>Bytes of their samples. Silence counts like any other, although it crosses as a flag.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Blocks that it was sent.</summary>
    public long BlocksSent { get; init; }

    /// <summary>Bytes of their samples, counted as those received.</summary>
    public long BytesSent { get; init; }

    /// <summary>What it may still send, in frames; the least of its streams.</summary>
    public long CreditFrames { get; init; }

    /// <summary>How far what is heard is beyond the newest checkpoint that the host keeps, in frames: so much, and what was ahead, is rendered again if the Signal is lost. Negative as long as that is ahead of what is heard.</summary>
    public long CheckpointAgeFrames { get; init; }
}
