using System.Diagnostics;

namespace Loophole.Bench.Playback;

/// <summary>A satellite in a process of its own: a Signal, or one that floods.</summary>
internal sealed class SatelliteProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _cache;

    private SatelliteProcess(Process process, DirectoryInfo cache, Uri endPoint) => (_process, _cache, EndPoint) = (process, cache, endPoint);

    public Uri EndPoint { get; }

    public static async Task<SatelliteProcess> StartAsync(string name, bool floods)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var cache = Directory.CreateTempSubdirectory("loophole-bench-");
        string[] arguments = floods
            ? [Path.Combine(AppContext.BaseDirectory, "Playback.dll"), "flood", "--name", name]
            : [
                Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Pulse", "release", "signal", "Signal.dll")),
                "--role", "satellite", "--name", name, "--listen", "127.0.0.1:0", "--insecure-loopback", "--with-parent", "--cache", cache.FullName,
            ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{name} did not start.");
        return new SatelliteProcess(process, cache, new Uri(line.Split(' ')[1]));
    }

    /// <summary>Has one that floods begin with it.</summary>
    public Task FloodAsync() => _process.StandardInput.WriteLineAsync("flood");

    public void Send(int signal) => _ = SystemCalls.Send(_process.Id, signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Send(SystemCalls.Kill);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _cache.Delete(recursive: true);
    }
}
