using System.Globalization;

namespace Loophole.Bench.Playback;

/// <summary>How long the callback takes, whatever the satellites do. Every round measures each condition once, in a performance of its own.</summary>
internal static class Durations
{
    /// <summary>Until what runs is compiled as well as it will be.</summary>
    private const double WarmUpSeconds = 3;

    private const double Bar = 1.1;

    public static async Task<int> RunAsync(Scene scene, int rounds, double seconds)
    {
        var found = Enum.GetValues<Condition>().ToDictionary(condition => condition, _ => new List<CallTimes>());
        var late = found.Keys.ToDictionary(condition => condition, _ => 0L);
        var failovers = found.Keys.ToDictionary(condition => condition, _ => 0);
        var pauses = new PauseMeter();
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (condition, list) in found)
            {
                var (times, lateBlocks, moved) = await MeasureAsync(scene, condition, seconds);
                if (round == 0)
                {
                    // This process is still being compiled.
                    continue;
                }

                list.Add(times);
                late[condition] += lateBlocks;
                failovers[condition] += moved;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}, {condition}: p50 {times.Median:0.00} µs, p99 {times.P99:0.00} µs, longest {times.Longest:0} µs, fixed work {times.FixedMedian:0.00} µs, {times.Calls} calls, {lateBlocks} late"));
            }
        }

        Console.WriteLine("| satellites | p50 | range | p50 ÷ control | fixed work ÷ control | p99 | longest | allocated | late blocks | failovers |\n|---|---|---|---|---|---|---|---|---|---|");
        var control = Median(found[Condition.Well].Select(times => times.Median));
        var fixedControl = Median(found[Condition.Well].Select(times => times.FixedMedian));
        foreach (var (condition, list) in found)
        {
            var medians = list.Select(times => times.Median).ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {condition} | {Median(medians):0.00} µs | {medians.Min():0.00} to {medians.Max():0.00} | {Median(medians) / control:0.00} | {Median(list.Select(times => times.FixedMedian)) / fixedControl:0.00} | {Median(list.Select(times => times.P99)):0.00} µs | {list.Max(times => times.Longest):0} µs | {list.Sum(times => times.AllocatedBytes)} B | {late[condition]} | {failovers[condition]} |"));
        }

        Console.WriteLine($"\n{found.Values.Sum(list => list.Sum(times => (long)times.Calls))} calls in all. {pauses.Read()}");
        return found.All(pair => Median(pair.Value.Select(times => times.Median)) <= Bar * control && pair.Value.All(times => times.AllocatedBytes == 0)) ? 0 : 1;
    }

    private static async Task<(CallTimes Times, long Late, int Failovers)> MeasureAsync(Scene scene, Condition condition, double seconds)
    {
        await using var performance = await Performance.StartAsync(scene, floods: condition == Condition.Flooding);
        await performance.PlayAsync(WarmUpSeconds);
        foreach (var satellite in performance.Satellites)
        {
            switch (condition)
            {
                case Condition.Stopped:
                    satellite.Send(SystemCalls.Stop);
                    break;
                case Condition.Cut:
                    satellite.Send(SystemCalls.Kill);
                    break;
            }
        }

        var late = performance.LateBlocks;
        performance.Meter.Begin();
        await performance.PlayAsync(seconds);
        var times = performance.Meter.End();
        var result = await performance.EndAsync();
        return (times, result.LateBlocks - late, result.Failovers);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
