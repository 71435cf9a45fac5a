namespace Loophole.Cluster.Tests.Support;

/// <summary>Holds what a device was given to what should have been played: every sample is the reference's at its frame, or belongs to a gap or to a fade beside one.</summary>
internal sealed class HeardCheck
{
    private const int FadeFrames = 64;

    private readonly float[] _reference;
    private readonly int _width;
    private int _level = FadeFrames;
    private int _last = -1;

    private HeardCheck(float[] reference, int width) => (_reference, _width) = (reference, width);

    /// <summary>Frames in gaps.</summary>
    public long MissingFrames { get; private set; }

    /// <summary>Blocks with a gap in them.</summary>
    public long LateBlocks { get; private set; }

    public static HeardCheck Of(ReadOnlySpan<float> heard, float[] reference, int width, int blockFrames)
    {
        var check = new HeardCheck(reference, width);
        for (var start = 0; start < heard.Length / width; start += blockFrames)
        {
            check.Take(heard.Slice(start * width, blockFrames * width), start);
        }

        return check;
    }

    /// <summary>A block is played up to some frame and missing from there on: finds that frame.</summary>
    private void Take(ReadOnlySpan<float> block, int start)
    {
        var frames = block.Length / _width;
        var played = 0;
        while (played < frames && Is(block, played, start + played, _level + played + 1))
        {
            played++;
        }

        while (!IsGap(block, start, played))
        {
            Assert.True(--played >= 0, $"What was heard in the block at frame {start} is neither the reference nor a gap.");
        }

        (_level, _last) = (Math.Min(FadeFrames, _level + played), played > 0 ? start + played - 1 : _last);
        if (played < frames)
        {
            _level = Math.Max(0, _level - frames + played);
            MissingFrames += frames - played;
            LateBlocks++;
        }
    }

    private bool IsGap(ReadOnlySpan<float> block, int start, int played)
    {
        var (level, last) = (Math.Min(FadeFrames, _level + played), played > 0 ? start + played - 1 : _last);
        for (var frame = played; frame < block.Length / _width; frame++)
        {
            if (!Is(block, frame, last, --level))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a frame of a block sounds as one of the reference does at a level.</summary>
    private bool Is(ReadOnlySpan<float> block, int frame, int of, int level)
    {
        for (var channel = 0; channel < _width; channel++)
        {
            var whole = of < 0 ? 0 : _reference[(of * _width) + channel];
            if (block[(frame * _width) + channel] != (level >= FadeFrames ? whole : level <= 0 ? 0 : whole * ((float)level / FadeFrames)))
            {
                return false;
            }
        }

        return true;
    }
}
