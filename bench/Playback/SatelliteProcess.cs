using System.Diagnostics;

namespace Loophole.Bench.Playback;

/// <summary>A satellite in a process of its own: a Signal, or one that floods.</summary>
internal sealed class SatelliteProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SatelliteProcess(Process process, Uri endPoint) => (_process, EndPoint) = (process, endPoint);

    public Uri EndPoint { get; }

    public static async Task<SatelliteProcess> StartAsync(string name, bool floods)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = floods
            ? [Path.Combine(AppContext.BaseDirectory, "Playback.dll"), "flood", "--name", name]
            : [
                Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Pulse", "release", "signal", "Signal.dll")),
                "--role", "satellite", "--name", name, "--listen", "127.0.0.1:0", "--insecure-loopback", "--with-parent", "--cache", Directory.CreateTempSubdirectory("loophole-bench-").FullName,
            ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{name} did not start.");
        return new SatelliteProcess(process, new Uri(line.Split(' ')[1]));
    }

    public void Send(int signal) => _ = SystemCalls.Send(_process.Id, signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Send(SystemCalls.Kill);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
