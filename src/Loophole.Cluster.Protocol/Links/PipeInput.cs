using System.IO.Pipelines;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>A link's input that another thread fills.</summary>
internal sealed class PipeInput(PipeReader reader) : LinkInput
{
    private readonly ThreadGate _gate = new();

    public override bool WaitsAtNetwork => false;

    public override bool TryLook(out FrameReader frames)
    {
        if (!reader.TryRead(out var result))
        {
            frames = default;
            return false;
        }

        frames = new FrameReader(result);
        return true;
    }

    public override bool TryWait(TimeSpan longest, CancellationToken cancellationToken, out FrameReader frames)
    {
        frames = new FrameReader(_gate.Wait(reader.ReadAsync(cancellationToken)));
        return true;
    }

    public override void Take(in FrameReader frames) => reader.AdvanceTo(frames.Position, frames.End);
}
