using System.Runtime.InteropServices;

namespace Loophole.Cluster.Live;

/// <summary>Sleeps for a tenth of a millisecond, where the system can: the runtime's own sleeps last a whole one at the least.</summary>
internal static partial class ShortSleep
{
    private const int Nanoseconds = 100_000;

    private static readonly bool IsKnown = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <returns><see langword="false"/> where the system cannot.</returns>
    public static bool TrySleep()
    {
        if (IsKnown)
        {
            _ = NanoSleep(new TimeSpec { Seconds = 0, Nanoseconds = Nanoseconds }, IntPtr.Zero);
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
