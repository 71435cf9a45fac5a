using System.Diagnostics;
using System.Globalization;

namespace Loophole.Bench.Playback;

/// <summary>Which system calls the audio thread makes, inside the callback and outside it, by strace. A marking call stands before and after each callback.</summary>
internal static class Trace
{
    private const string Mark = "getppid";

    public static async Task<int> RunAsync(Scene scene, double seconds)
    {
        await using var performance = await Performance.StartAsync(scene, marksCalls: true);
        await performance.PlayAsync(1);
        var file = Path.GetTempFileName();
        try
        {
            using var strace = Process.Start(new ProcessStartInfo("strace", ["-p", performance.Meter.Thread.ToString(CultureInfo.InvariantCulture), "-o", file]) { RedirectStandardError = true })!;
            await strace.StandardError.ReadLineAsync();
            await performance.PlayAsync(seconds);
            _ = SystemCalls.Send(strace.Id, 2);
            await strace.WaitForExitAsync();
            var late = performance.LateBlocks;
            return Report(await File.ReadAllLinesAsync(file), late);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Report(string[] lines, long late)
    {
        // It may have begun in the middle of a callback: two marks with nothing but time between them are told apart by what waits, so begin after a wait.
        var calls = lines.Select(line => line.Split('(')[0]).Where(call => call.Length > 0 && char.IsLetter(call[0])).ToList();
        var first = calls.FindIndex(call => call != Mark);
        var (inside, outside, callbacks, isInside) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new SortedDictionary<string, int>(StringComparer.Ordinal), 0, false);
        foreach (var call in calls.Skip(Math.Max(first, 0)))
        {
            if (call == Mark)
            {
                callbacks += isInside ? 1 : 0;
                isInside = !isInside;
                continue;
            }

            var where = isInside ? inside : outside;
            where[call] = where.GetValueOrDefault(call) + 1;
        }

        Console.WriteLine($"{callbacks} callbacks were traced, {late} late.");
        Console.WriteLine($"System calls inside: {Describe(inside)}.");
        Console.WriteLine($"System calls between them: {Describe(outside)}.");
        return callbacks > 0 && inside.Count == 0 ? 0 : 1;
    }

    private static string Describe(SortedDictionary<string, int> calls) => calls.Count == 0 ? "none" : string.Join(", ", calls.Select(call => $"{call.Key} {call.Value}"));
}
