namespace Loophole.Cluster.Rings;

/// <summary>A frame-addressed ring of interleaved samples: one producer, and consumers that together say what may be overwritten.</summary>
/// <remarks>Samples of frame <c>f</c> stand at <c>f modulo capacity</c>. The producer writes at <see cref="WriteFrame"/> and publishes;
/// consumers read below it and at or after <see cref="ReleaseFrame"/>. Lock-free; allocates only at construction.</remarks>
internal sealed class FrameRing
{
    private readonly float[] _samples;
    private long _writeFrame;
    private long _releaseFrame;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="audioChannels">1 or more.</param>
    /// <param name="capacityFrames">1 or more; a multiple of the block size where blocks are to lie in one piece.</param>
    /// <param name="startFrame">The first frame that will be written.</param>
    public FrameRing(int audioChannels, int capacityFrames, long startFrame)
    {
        AudioChannels = audioChannels;
        CapacityFrames = capacityFrames;
        _samples = new float[checked(audioChannels * capacityFrames)];
        _writeFrame = startFrame;
        _releaseFrame = startFrame;
    }

    public int AudioChannels { get; }

    public int CapacityFrames { get; }

    /// <summary>Frames before this one were published. [any]</summary>
    public long WriteFrame => Volatile.Read(ref _writeFrame);

    /// <summary>Frames before this one may be overwritten. [any]</summary>
    public long ReleaseFrame => Volatile.Read(ref _releaseFrame);

    /// <summary>Frames before this one may be written. [producer]</summary>
    public long WriteLimit => ReleaseFrame + CapacityFrames;

    /// <summary>Frames from a frame on that lie in one piece, at most <paramref name="frames"/>. [any]</summary>
    public int Contiguous(long frame, long frames) => (int)Math.Min(frames, CapacityFrames - (frame % CapacityFrames));

    /// <summary>The samples of frames that lie in one piece. [any]</summary>
    public Memory<float> Memory(long frame, int frames) => _samples.AsMemory((int)(frame % CapacityFrames) * AudioChannels, frames * AudioChannels);

    /// <summary>Makes frames visible. [producer]</summary>
    public void Publish(long writeFrame) => Volatile.Write(ref _writeFrame, writeFrame);

    /// <summary>Takes what another ring has from <see cref="WriteFrame"/>, or a later frame, up to an end that is there and fits, and makes it visible. [producer]</summary>
    /// <param name="other">As wide as this.</param>
    /// <param name="startFrame">No frame before it is taken.</param>
    /// <param name="endFrame">Nothing is taken from it on.</param>
    public void CopyFrom(FrameRing other, long startFrame, long endFrame)
    {
        for (var frame = Math.Max(startFrame, _writeFrame); frame < endFrame;)
        {
            var piece = Contiguous(frame, other.Contiguous(frame, endFrame - frame));
            other.Memory(frame, piece).CopyTo(Memory(frame, piece));
            frame += piece;
            Publish(frame);
        }
    }

    /// <summary>Lets it begin at another frame. Nothing was written yet, and nobody reads. [producer]</summary>
    public void BeginAt(long frame)
    {
        Volatile.Write(ref _releaseFrame, frame);
        Volatile.Write(ref _writeFrame, frame);
    }

    /// <summary>Takes what was published from a frame on back. The producer rests, and no consumer is beyond the frame. [any]</summary>
    public void Rewind(long frame)
    {
        if (frame < _writeFrame)
        {
            Volatile.Write(ref _writeFrame, frame);
        }
    }

    /// <summary>Gives frames back to the producer; never moves backwards. [consumer]</summary>
    public void Release(long releaseFrame)
    {
        if (releaseFrame > _releaseFrame)
        {
            Volatile.Write(ref _releaseFrame, releaseFrame);
        }
    }
}
