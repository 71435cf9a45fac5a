using System.Globalization;
using System.Runtime.InteropServices;

namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>Processes as Linux sees them from outside.</summary>
internal static class OperatingSystemProcess
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int process, int signal) =>
        Assert.True(SendSignal(process, signal) == 0, $"Signal {signal} to process {process} was refused: {Marshal.GetLastPInvokeErrorMessage()}");

    /// <summary>Time on processors, in clock ticks.</summary>
    public static long ProcessorTicks(int process)
    {
        var fields = Fields(process);
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    public static bool Exists(int process) => Directory.Exists($"/proc/{process}");

    /// <summary>The processes that this one started and that still run.</summary>
    public static int[] Children(int process)
    {
        var parent = process.ToString(CultureInfo.InvariantCulture);
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(child => ParentOf(child) == parent)];
    }

    /// <summary>The child with this among its arguments.</summary>
    public static int Child(int process, string argument) =>
        Assert.Single(Children(process), child => File.ReadAllText($"/proc/{child}/cmdline").Split('\0').Contains(argument));

    /// <summary>Arguments and environment of a process, which others of its user can read; empty when it has ended.</summary>
    public static string ReadableByOthers(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline") + File.ReadAllText($"/proc/{process}/environ");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string ParentOf(int process)
    {
        try
        {
            return Fields(process)[1];
        }
        catch (IOException)
        {
            // It ended in between.
            return "";
        }
    }

    /// <summary>The fields of its stat file after the name, which may hold anything: the state comes first.</summary>
    private static string[] Fields(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
