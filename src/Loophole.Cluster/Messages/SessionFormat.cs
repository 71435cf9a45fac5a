namespace Loophole.Cluster.Messages;

/// <summary>What all Signals of a session agree on.</summary>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="BlockFrames">Block size of the grid.</param>
/// <param name="EndFrame">Render frame after the last one.</param>
/// <param name="LeadFrames">How far the horizon is ahead of the playhead; a multiple of the block size.</param>
/// <param name="CheckpointFrames">Frames between checkpoints; a multiple of the block size.</param>
/// <param name="HasMeters">Whether Pulse takes what meters have measured, on a channel that it opens.</param>
internal sealed record SessionFormat(int SampleRate, int BlockFrames, long EndFrame, int LeadFrames, int CheckpointFrames, bool HasMeters = false)
{
    /// <summary>With lead and checkpoints rounded up to whole blocks.</summary>
    public static SessionFormat Of(int sampleRate, int blockFrames, long endFrame, int leadFrames, int checkpointFrames)
    {
        var format = new SessionFormat(sampleRate, blockFrames, endFrame, leadFrames, checkpointFrames);
        return format with { LeadFrames = format.WholeBlocks(leadFrames), CheckpointFrames = format.WholeBlocks(checkpointFrames) };
    }

    /// <summary>So many frames, rounded up to whole blocks.</summary>
    public int WholeBlocks(int frames) => (frames + BlockFrames - 1) / BlockFrames * BlockFrames;

    /// <summary>Room of a subgraph's input: the horizon, and a block on either side.</summary>
    public int InputRingFrames => LeadFrames + (2 * BlockFrames);

    /// <summary>Room of a signal on the host: what can be ahead, and what a replay may need again. Checkpoints are two periods apart at the most, and an eighth may not be granted
    /// yet (<see cref="Hub.HubProducer"/>).</summary>
    public int HubRingFrames => WholeBlocks((LeadFrames + (2 * CheckpointFrames) + (4 * BlockFrames)) / 7 * 8);

    /// <summary>Room of a subgraph's output until the link has taken it.</summary>
    public int OutputRingFrames => BlockFrames * Math.Max(4, 4096 / BlockFrames);

    /// <summary>Whether numbers from a peer are within bounds that memory can bear.</summary>
    public bool IsSane => SampleRate is >= 8_000 and <= 384_000
        && BlockFrames is >= 1 and <= 8192
        && EndFrame is > 0 and <= long.MaxValue / 4
        && LeadFrames is > 0 and <= 1 << 22 && LeadFrames % BlockFrames == 0
        && CheckpointFrames is > 0 and <= 1 << 22 && CheckpointFrames % BlockFrames == 0;
}
