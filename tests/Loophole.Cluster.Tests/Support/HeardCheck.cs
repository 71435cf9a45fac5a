namespace Loophole.Cluster.Tests.Support;

/// <summary>Holds what a device was given to what should have been played: every sample is the reference's at its frame, or belongs to a gap or to a fade beside one.</summary>
internal sealed class HeardCheck
{
    private const int FadeFrames = 64;

    private readonly float[] _reference;
    private readonly int _width;
    private readonly float[] _last;
    private int _sinceGap = FadeFrames;
    private int _sinceSound = FadeFrames;

    private HeardCheck(float[] reference, int width) => (_reference, _width, _last) = (reference, width, new float[width]);

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
        while (played < frames && IsPlayed(block, start, played))
        {
            played++;
        }

        while (!IsGap(block, start, played))
        {
            Assert.True(--played >= 0, $"What was heard in the block at frame {start} is neither the reference nor a gap.");
        }

        if (played > 0)
        {
            _sinceSound = Math.Min(FadeFrames, _sinceSound + played);
            for (var channel = 0; channel < _width; channel++)
            {
                _last[channel] = Reference(start + played - 1, channel) * ((float)_sinceSound / FadeFrames);
            }

            _sinceGap = 0;
        }

        if (played < frames)
        {
            _sinceGap = Math.Min(FadeFrames, _sinceGap + frames - played);
            _sinceSound = 0;
            MissingFrames += frames - played;
            LateBlocks++;
        }
    }

    private bool IsPlayed(ReadOnlySpan<float> block, int start, int frame)
    {
        var step = _sinceSound + frame + 1;
        for (var channel = 0; channel < _width; channel++)
        {
            var expected = Reference(start + frame, channel);
            if (block[(frame * _width) + channel] != (step <= FadeFrames ? expected * ((float)step / FadeFrames) : expected))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsGap(ReadOnlySpan<float> block, int start, int played)
    {
        for (var frame = played; frame < block.Length / _width; frame++)
        {
            var step = (played > 0 ? 0 : _sinceGap) + frame - played + 1;
            for (var channel = 0; channel < _width; channel++)
            {
                var last = played > 0 ? Reference(start + played - 1, channel) * ((float)Math.Min(FadeFrames, _sinceSound + played) / FadeFrames) : _last[channel];
                if (block[(frame * _width) + channel] != (step < FadeFrames ? last * (FadeFrames - step) / FadeFrames : 0))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private float Reference(int frame, int channel) => _reference[(frame * _width) + channel];
}
