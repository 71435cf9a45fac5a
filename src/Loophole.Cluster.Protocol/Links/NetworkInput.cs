namespace Loophole.Cluster.Protocol.Links;

/// <summary>A link's input that its thread sleeps at.</summary>
internal sealed class NetworkInput(WaitingPipeReader reader) : LinkInput
{
    public override bool WaitsAtNetwork => true;

    public override bool TryLook(out FrameReader frames) => TryWait(TimeSpan.Zero, CancellationToken.None, out frames);

    public override bool TryWait(TimeSpan longest, CancellationToken cancellationToken, out FrameReader frames)
    {
        if (!reader.TryRead(longest, out var bytes, out var isCompleted))
        {
            frames = default;
            return false;
        }

        frames = new FrameReader(bytes, isCompleted);
        return true;
    }

    public override void Take(in FrameReader frames) => reader.Take((int)frames.Taken);
}
