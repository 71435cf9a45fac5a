using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;

namespace Loophole.DawProject.Resolving;

/// <summary>Makes clip regions of audio pieces, once the rates of their files are known.</summary>
internal sealed class RegionMaker(ResolveContext context)
{
    private const double MaxStep = 64;
    private const double LargestSourceFrame = 1L << 52;

    public ClipRegion Make(AudioPiece piece, MediaId media, MediaInfo info)
    {
        var startFrame = context.FrameAt(piece.Window.Start);
        var step = (double)info.SampleRate / context.SampleRate * piece.Speed;

        // The region starts on a whole frame, a little beside the piece; the source position goes along.
        var source = (piece.SourceStart + ((((double)startFrame / context.SampleRate) - piece.Window.Start) * piece.Speed)) * info.SampleRate;
        if (Math.Abs(step - 1) <= AudioPlacer.SpeedTolerance)
        {
            step = 1;
            source = Math.Round(source, MidpointRounding.AwayFromZero);
        }

        if (!(step <= MaxStep))
        {
            throw context.Fail(DawProjectError.BadTimeline, piece.Clip, $"plays more than {MaxStep} times too fast");
        }

        if (!(Math.Abs(source) <= LargestSourceFrame))
        {
            throw context.Fail(DawProjectError.BadTimeline, piece.Clip, "plays from beyond any length of a file");
        }

        var fadeIn = piece.Window.FadeIn;
        var fadeOut = piece.Window.FadeOut;
        var fadeInStart = fadeIn.IsEmpty ? 0 : context.FrameAt(fadeIn.Start);
        var fadeOutEnd = fadeOut.IsEmpty ? 0 : context.FrameAt(fadeOut.End);
        return new ClipRegion
        {
            ClipName = piece.ClipName,
            StartFrame = startFrame,
            EndFrame = context.FrameAt(piece.Window.End),
            Media = media,
            SourceStartFrame = source,
            SourceStep = step,
            FadeInStartFrame = fadeInStart,
            FadeInFrames = fadeIn.IsEmpty ? 0 : context.FrameAt(fadeIn.End) - fadeInStart,
            FadeOutEndFrame = fadeOutEnd,
            FadeOutFrames = fadeOut.IsEmpty ? 0 : fadeOutEnd - context.FrameAt(fadeOut.Start),
        };
    }
}
