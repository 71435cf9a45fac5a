using System.Runtime.InteropServices;

namespace Loophole.Cluster.Live;

/// <summary>A thread of ours that the audio callback's next block waits for: it takes precedence over all that is not in real time, if the system permits that.</summary>
/// <remarks>Below the devices' own threads, which JACK runs at 65 or so. On Linux, with the right to real-time threads (<c>ulimit -r</c>); what is permitted to nobody is asked for in vain, and nothing else
/// changes. Threads that such a thread starts are as they always are.</remarks>
internal static partial class LiveThread
{
    private const int RoundRobin = 2;
    private const int ResetOnFork = 0x40000000;
    private const int Priority = 40;
    private const int TimerSlack = 29;

    [ThreadStatic]
    private static bool _hasAsked;

    /// <summary>Asks for the calling thread, once; never for one of the pool, whose next work may be anything.</summary>
    public static void Raise()
    {
        if (_hasAsked || !OperatingSystem.IsLinux() || Thread.CurrentThread.IsThreadPoolThread)
        {
            return;
        }

        _hasAsked = true;
        _ = SetScheduler(0, RoundRobin | ResetOnFork, Priority);

        // Permitted to everybody: sleeps end on time, and not when it suits the system, some 50 µs later.
        _ = Control(TimerSlack, 1, 0, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int what, nuint first, nuint second, nuint third, nuint fourth);
}
