using System.Diagnostics;
using System.Globalization;

namespace Loophole.Bench.Playback;

/// <summary>Plays for a long time, and looks at what grows and what is late.</summary>
internal static class Soak
{
    private const double WarmUpSeconds = 15;
    private const long HeapBar = 1 << 20;

    public static async Task<int> RunAsync(Scene scene, double minutes)
    {
        await using var performance = await Performance.StartAsync(scene);
        await performance.PlayAsync(WarmUpSeconds);

        // Twice: looking opens files and makes things of its own the first time.
        _ = Standing.Read();
        var before = Standing.Read();
        var late = performance.LateBlocks;
        var pauses = new PauseMeter();
        using var control = new ControlTimer(scene.Period, scene.Period);
        performance.Meter.Begin();
        for (var left = minutes * 60; left > 0; left -= 60)
        {
            await performance.PlayAsync(Math.Min(left, 60));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Math.Max(left - 60, 0) / 60:0.#} minutes to go: {performance.LateBlocks - late} late blocks, {control.Late} of {control.Wakings} late wakings of the control"));
        }

        var times = performance.Meter.End();
        var gone = pauses.Read();
        var after = Standing.Read();
        var lateBlocks = performance.LateBlocks - late;
        var bound = control.Late + (3 * Math.Sqrt(control.Late + 1));
        var result = await performance.EndAsync();
        Console.WriteLine("| | | bar |\n|---|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| late blocks | {lateBlocks} | ≤ {bound:0.0}: {control.Late} of {control.Wakings} wakings of the control were late |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| heap | {before.HeapBytes / 1024} → {after.HeapBytes / 1024} KiB | grows by less than {HeapBar / 1024} KiB |"));
        Console.WriteLine($"| threads | {before.Threads} → {after.Threads} | |");
        Console.WriteLine($"| handles | {before.Handles} → {after.Handles} | |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| callback | p50 {times.Median:0.00} µs, p99 {times.P99:0.00} µs, longest {times.Longest:0} µs, {times.AllocatedBytes} B in {times.Calls} calls | 0 B |"));
        Console.WriteLine($"| xruns, failovers | {result.Xruns}, {result.Failovers} | |");
        Console.WriteLine($"\n{gone}");
        return lateBlocks <= bound && after.HeapBytes - before.HeapBytes < HeapBar && times.AllocatedBytes == 0 ? 0 : 1;
    }

    /// <summary>What this process holds, after a full collection.</summary>
    private readonly record struct Standing(long HeapBytes, int Threads, int Handles)
    {
        public static Standing Read()
        {
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            using var process = Process.GetCurrentProcess();
            return new Standing(heap, process.Threads.Count, Directory.GetFiles("/proc/self/fd").Length);
        }
    }
}
