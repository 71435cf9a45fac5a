using Loophole.Cluster;
using Loophole.Cluster.Placement;

namespace Loophole.Pulse;

/// <summary>What a line of a <see cref="PlayScript"/> says. Times are in seconds.</summary>
/// <param name="Do">What to do.</param>
/// <param name="At">When it takes effect, known ahead.</param>
/// <param name="When">After how much was played it is asked for.</param>
/// <param name="To">Where to go, where the loop ends, or the value to which a hand moves.</param>
/// <param name="From">Where the loop begins, or the value from which a hand moves.</param>
/// <param name="Node">The node whose parameter is set.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Value">Its value; none gives it back to its automation.</param>
/// <param name="Ramp">How long it takes to get there.</param>
/// <param name="Over">How long a hand moves.</param>
/// <param name="Channel">The Channel that comes to be live, or is not any more, by id or name.</param>
/// <param name="Policy">How much leaves the host from now on.</param>
/// <param name="Relative">Whether values are what the parameter's automation is raised by, or lowered.</param>
internal sealed record PlayScriptLine(
    PlayDeed Do,
    double? At = null,
    double? When = null,
    double? To = null,
    double? From = null,
    string? Node = null,
    string? Parameter = null,
    double? Value = null,
    double? Ramp = null,
    double? Over = null,
    string? Channel = null,
    DistributionPolicy? Policy = null,
    bool Relative = false)
{
    private const double LongestSeconds = 1e6;
    private const int MovesPerSecond = 120;

    /// <summary>What cannot be meant, or <see langword="null"/>.</summary>
    public string? FindFault(int sampleRate) =>
        At is not null && When is not null ? "\"at\" and \"when\" exclude each other" :
        Times().Any(time => time is not (null or (>= 0 and <= LongestSeconds))) ? $"a time is 0 to {LongestSeconds} s" :
        Do == PlayDeed.Locate && To is null ? "\"locate\" needs \"to\"" :
        Do == PlayDeed.Loop && From is null != To is null ? "\"loop\" needs \"from\" and \"to\", or neither" :
        Do == PlayDeed.Loop && Region(sampleRate)?.FindFault() is { } fault ? fault :
        Do == PlayDeed.Set && (Node is null || Parameter is null) ? "\"set\" needs \"node\" and \"parameter\"" :
        Do == PlayDeed.Gesture && (Node is null || Parameter is null || From is null || To is null || Over is null || When is null)
            ? "\"gesture\" needs \"when\", \"node\", \"parameter\", \"from\", \"to\" and \"over\"" :
        IsOfChannel && (Channel is null || At is not null) ? "\"live\" and \"ahead\" need \"channel\", and are not known ahead: \"when\" says after how much was played" :
        Do == PlayDeed.Distribute && (Policy is null || At is not null) ? "\"distribute\" needs \"policy\", and is not known ahead: \"when\" says after how much was played" : null;

    /// <summary>Whether it names a Channel.</summary>
    public bool IsOfChannel => Do is PlayDeed.Live or PlayDeed.Ahead;

    /// <summary>Asks for it.</summary>
    public Task DoAsync(PlaybackControl control, int sampleRate, long notBefore) => Do switch
    {
        PlayDeed.Run => control.RunAsync(notBefore),
        PlayDeed.Pause => control.PauseAsync(notBefore),
        PlayDeed.Stop => control.StopAsync(notBefore),
        PlayDeed.Locate => control.LocateAsync(PlayArguments.Frames(To!.Value, sampleRate), notBefore),
        PlayDeed.Loop => control.RepeatAsync(Region(sampleRate), notBefore),
        PlayDeed.Gesture => GestureAsync(control),
        PlayDeed.Live or PlayDeed.Ahead => control.SetLiveAsync(Channel!, Do == PlayDeed.Live),
        PlayDeed.Distribute => control.DistributeAsync(Policy!.Value),
        _ => control.SetParameterAsync(Node!, Parameter!, Value, PlayArguments.Frames(Ramp ?? 0, sampleRate), notBefore, Relative),
    };

    private IEnumerable<double?> Times() => Do == PlayDeed.Gesture ? [At, When, Over] : [At, When, To, From, Ramp];

    /// <summary>Moves a hand, as often as one that is followed by a controller.</summary>
    private async Task GestureAsync(PlaybackControl control)
    {
        await using var hand = await control.OpenGestureAsync(new GestureTarget(Node!, Parameter!, From!.Value, To!.Value, IsRelative: Relative));
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / MovesPerSecond));
        for (var (started, way) = (TimeProvider.System.GetTimestamp(), 0.0); way < 1; way = TimeProvider.System.GetElapsedTime(started).TotalSeconds / Math.Max(Over!.Value, 1e-3))
        {
            hand.Update(way);
            await timer.WaitForNextTickAsync();
        }

        await hand.CommitAsync(1);
    }

    private LoopRegion? Region(int sampleRate) =>
        From is { } from && To is { } to ? new LoopRegion(PlayArguments.Frames(from, sampleRate), PlayArguments.Frames(to, sampleRate)) : null;
}
