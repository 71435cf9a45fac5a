namespace Loophole.Cluster.Messages;

/// <summary>How what a node renders of a subgraph comes to the host. Counts are those of the assignment so far.</summary>
/// <param name="Node">Who renders it.</param>
/// <param name="SubgraphId">The subgraph.</param>
/// <param name="Epoch">The assignment.</param>
/// <param name="BlocksReceived">Blocks that the node has sent.</param>
/// <param name="BytesReceived">Bytes of their samples.</param>
/// <param name="BlocksSent">Blocks that the node was sent.</param>
/// <param name="BytesSent">Bytes of their samples.</param>
/// <param name="LateBlocks">Blocks of those received that came too late.</param>
/// <param name="ConcealedFrames">Frames at which there was a gap in what is heard, as they had not come.</param>
/// <param name="CreditFrames">What the node may still send, in frames; the least of its outputs.</param>
/// <param name="CheckpointAgeFrames">How far what is heard is beyond its newest checkpoint, in frames; negative as long as that is ahead.</param>
/// <param name="MarginFrames">The least that what came was ahead of when it had to be there since the last question, in frames; <see langword="null"/> when nothing was due.</param>
/// <param name="MostFrames">What it can be ahead by: the lead, or an insert's budget.</param>
internal sealed record LinkCounts(
    Guid Node,
    string SubgraphId,
    int Epoch,
    long BlocksReceived,
    long BytesReceived,
    long BlocksSent,
    long BytesSent,
    long LateBlocks,
    long ConcealedFrames,
    long CreditFrames,
    long CheckpointAgeFrames,
    long? MarginFrames,
    int MostFrames)
{
    /// <summary>More than anybody lives to count, and few enough that sums of them are numbers.</summary>
    private const long Most = 1L << 45;

    /// <summary>Whether all of it can be.</summary>
    public bool IsSane =>
        SubgraphId is not null
        && Epoch >= 0
        && IsCount(BlocksReceived) && IsCount(BytesReceived) && IsCount(BlocksSent) && IsCount(BytesSent)
        && IsCount(LateBlocks) && IsCount(ConcealedFrames) && IsCount(CreditFrames)
        && CheckpointAgeFrames is >= -Most and <= Most
        && MarginFrames is null or (>= -Most and <= Most)
        && MostFrames >= 0;

    private static bool IsCount(long count) => count is >= 0 and <= Most;
}
