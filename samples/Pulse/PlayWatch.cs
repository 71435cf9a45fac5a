using Loophole.Cluster;

namespace Loophole.Pulse;

/// <summary>Follows what plays: shows it, does what the script says, and says when it is enough.</summary>
internal sealed class PlayWatch(IProgress<PlayProgress> view, PlaybackControl control, PlayScript? script, PlayKeys keys, Func<PlayProgress, bool> isEnough, Action enough) : IProgress<PlayProgress>
{
    public void Report(PlayProgress value)
    {
        view.Report(value);
        keys.Follow(value);
        script?.Follow(value.RenderFrame, control);
        if (isEnough(value))
        {
            enough();
        }
    }
}
