namespace Loophole.Cluster.Devices;

/// <summary>Knows whether the calling thread is inside an audio callback that is guarded (<see cref="GuardedCallback"/>).</summary>
/// <remarks>What an audio callback must not do says so with <see cref="Trip"/>. Nobody is stopped: it is counted.</remarks>
public static class AudioThread
{
    /// <summary>The <see cref="AppContext"/> switch that turns the guard on or off.</summary>
    public const string Switch = "Loophole.Cluster.GuardAudioThread";

    /// <summary>The environment variable that does, before the switch: <c>1</c> or <c>0</c>.</summary>
    public const string Variable = "LOOPHOLE_GUARD_AUDIO_THREAD";

#if DEBUG
    private const bool ByDefault = true;
#else
    private const bool ByDefault = false;
#endif

    [ThreadStatic]
    private static GuardedCallback? _inside;

    /// <summary>Whether callbacks are guarded in this process. Default as it was built: in debug they are. Never changes. [any]</summary>
    public static bool IsGuarded { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        "1" => true,
        "0" => false,
        _ => AppContext.TryGetSwitch(Switch, out var isOn) ? isOn : ByDefault,
    };

    /// <summary>Counts a fault if this thread is inside a guarded callback. Next to nothing when nothing is guarded. Never throws. [any]</summary>
    /// <param name="fault">What the caller is about to do.</param>
    /// <param name="what">By what, for people; a constant.</param>
    public static void Trip(AudioThreadFault fault, string what)
    {
        if (IsGuarded)
        {
            _inside?.Count(fault, 1, what);
        }
    }

    /// <summary>Sets who is told from now on.</summary>
    /// <returns>Who was told before.</returns>
    internal static GuardedCallback? Enter(GuardedCallback? callback)
    {
        var before = _inside;
        _inside = callback;
        return before;
    }
}
