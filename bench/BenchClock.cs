using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Loophole.Bench;

/// <summary>The monotonic clock, which all processes of a machine share, and sleeps until moments of it.</summary>
internal static partial class BenchClock
{
    private const int Monotonic = 1;
    private const int AbsoluteTime = 1;
    private const int Interrupted = 4;

    /// <summary>Nanoseconds.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Processor time of this process so far, in nanoseconds.</summary>
    public static long Cpu => Environment.CpuUsage.TotalTime.Ticks * 100;

    /// <summary>Sleeps to a deadline: what a timer does late does not add up.</summary>
    public static void SleepUntil(long nanoseconds)
    {
        var moment = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        while (Sleep(Monotonic, AbsoluteTime, in moment, IntPtr.Zero) == Interrupted)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sleep(int clock, int flags, in TimeSpec moment, IntPtr rest);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
