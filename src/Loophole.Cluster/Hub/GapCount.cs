namespace Loophole.Cluster.Hub;

/// <summary>Counts the frames of a signal that were not there when they were heard. One writer; nothing is locked or allocated.</summary>
internal sealed class GapCount
{
    private long _frames;

    /// <summary>How many there were so far. [any]</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Some more are missing. [audio thread]</summary>
    public void Add(int frames) => Volatile.Write(ref _frames, _frames + frames);
}
