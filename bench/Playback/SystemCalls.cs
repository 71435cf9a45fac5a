using System.Runtime.InteropServices;

namespace Loophole.Bench.Playback;

/// <summary>Of Linux.</summary>
internal static partial class SystemCalls
{
    public const int Kill = 9;
    public const int Stop = 19;

    /// <summary>Sends a signal to a process.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Send(int process, int signal);

    /// <summary>The calling thread's number.</summary>
    [LibraryImport("libc", EntryPoint = "gettid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int ThreadId();

    /// <summary>A system call that does nothing and that nobody else makes: it marks a place in a trace.</summary>
    [LibraryImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    public static partial int Mark();
}
