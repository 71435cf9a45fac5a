using System.Runtime.InteropServices;

namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>Pulse and Signal as this build made them, and the runtime that these tests run on.</summary>
internal static class Executables
{
    private static readonly DirectoryInfo Here = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>artifacts/bin/Pulse, in the pivot of these tests.</summary>
    private static readonly string PulseFolder = Path.Combine(Here.Parent!.Parent!.FullName, "Pulse", Here.Name);

    public static string Pulse { get; } = Built(Path.Combine(PulseFolder, "Pulse.dll"));

    public static string Signal { get; } = Built(Path.Combine(PulseFolder, "signal", "Signal.dll"));

    public static string Dotnet { get; } = Built(Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")));

    private static string Built(string path) => File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: build the solution first.");
}
