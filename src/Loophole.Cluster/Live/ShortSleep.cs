using System.Runtime.InteropServices;

namespace Loophole.Cluster.Live;

/// <summary>Sleeps for some tens of microseconds, where the system can: the runtime's own sleeps last a millisecond at the least.</summary>
internal static partial class ShortSleep
{
    private static readonly bool IsKnown = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <returns><see langword="false"/> where the system cannot.</returns>
    public static bool TrySleep(TimeSpan duration)
    {
        if (IsKnown)
        {
            _ = NanoSleep(new TimeSpec { Seconds = 0, Nanoseconds = (nint)duration.TotalNanoseconds }, IntPtr.Zero);
        }

        return IsKnown;
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec duration, IntPtr left);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
