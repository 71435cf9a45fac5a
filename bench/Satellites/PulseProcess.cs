using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Loophole.Bench.Satellites;

/// <summary>Runs Pulse and reads its one line of JSON.</summary>
internal sealed class PulseProcess(string projectPath, string outputPath)
{
    public async Task<PulseRun> RenderAsync(int satellites, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        var pulse = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Pulse", "release", "Pulse.dll"));
        foreach (var argument in new[] { pulse, "render", projectPath, "--out", outputPath, "--satellites", satellites.ToString(CultureInfo.InvariantCulture), "--policy", "AggressiveOffload", "--json" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Pulse ended with {process.ExitCode}: {await errors}");
        }

        using var report = JsonDocument.Parse(output);
        var root = report.RootElement;
        return new PulseRun(
            root.GetProperty("seconds").GetDouble(),
            root.GetProperty("realtimeFactor").GetDouble(),
            root.GetProperty("sha256").GetString()!,
            root.GetProperty("nodes").EnumerateArray().Max(node => node.GetProperty("peakMemoryBytes").GetInt64()));
    }
}

/// <summary>One render.</summary>
internal sealed record PulseRun(double Seconds, double RealtimeFactor, string Sha256, long PeakMemoryBytes);
