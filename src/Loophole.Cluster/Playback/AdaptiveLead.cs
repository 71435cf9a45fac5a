namespace Loophole.Cluster.Playback;

/// <summary>How far is rendered ahead of what is heard: more as soon as what is in hand has nearly run out, and less again once it has not for a while. One caller at a time but for
/// <see cref="Frames"/>.</summary>
internal sealed class AdaptiveLead
{
    /// <summary>What is in hand has nearly run out when it is less than this part of a second, or than half of the lead at the start.</summary>
    private const int NarrowPart = 20;

    /// <summary>How long it must not have nearly run out before less is rendered ahead.</summary>
    private const int CalmSeconds = 30;

    private readonly int _blockFrames;
    private readonly int _startFrames;
    private readonly int _mostFrames;
    private readonly int _narrowFrames;
    private readonly long _calmFrames;
    private int _frames;
    private long _changed;

    /// <param name="startFrames">At the start, and never less; a multiple of the block size.</param>
    /// <param name="mostFrames">Never more than this; at least as much, and another multiple.</param>
    /// <param name="blockFrames">Block size of the grid; nothing is rendered in smaller pieces.</param>
    /// <param name="sampleRate">Frames per second.</param>
    public AdaptiveLead(int startFrames, int mostFrames, int blockFrames, int sampleRate)
    {
        (_frames, _startFrames, _mostFrames, _blockFrames) = (startFrames, startFrames, mostFrames, blockFrames);
        (_narrowFrames, _calmFrames) = (Math.Min(startFrames / 2, sampleRate / NarrowPart), (long)CalmSeconds * sampleRate);
    }

    /// <summary>The lead. [any]</summary>
    public int Frames => Volatile.Read(ref _frames);

    /// <summary>Looks at what is in hand.</summary>
    /// <param name="playhead">What is heard next; never less than before.</param>
    /// <param name="reached">Up to where playing could go on.</param>
    public void Observe(long playhead, long reached)
    {
        if (reached - playhead < _narrowFrames)
        {
            // What was granted last has had time to come.
            if (playhead - _changed >= _frames || _frames == _startFrames)
            {
                Set(Math.Min(_mostFrames, _frames + Math.Max(_blockFrames, WholeBlocks(_frames / 2))), playhead);
            }
        }
        else if (playhead - _changed >= _calmFrames)
        {
            Set(Math.Max(_startFrames, _frames - WholeBlocks(_frames / 8)), playhead);
        }
    }

    private int WholeBlocks(int frames) => frames - (frames % _blockFrames);

    private void Set(int frames, long playhead)
    {
        Volatile.Write(ref _frames, frames);
        _changed = playhead;
    }
}
