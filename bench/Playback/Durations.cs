using System.Globalization;

namespace Loophole.Bench.Playback;

/// <summary>How long the callback takes, whatever the satellites do. Every round measures each condition once, in a performance of its own, before it and after: performances lie
/// further apart than what is looked for.</summary>
internal static class Durations
{
    /// <summary>Until what runs is compiled as well as it will be.</summary>
    private const double WarmUpSeconds = 3;

    private const double Bar = 1.1;

    public static async Task<int> RunAsync(Scene scene, int rounds, double seconds)
    {
        var found = Enum.GetValues<Condition>().ToDictionary(condition => condition, _ => new List<Measured>());
        var pauses = new PauseMeter();
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (condition, list) in found)
            {
                var one = await MeasureAsync(scene, condition, seconds);
                if (round == 0)
                {
                    // This process is still being compiled.
                    continue;
                }

                list.Add(one);
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"round {round}, {condition}: p50 {one.Before.Median:0.00} µs before, {one.After.Median:0.00} after, p99 {one.After.P99:0.00} µs, longest {one.After.Longest:0} µs, {one.After.Calls} calls, {one.LateBlocks} late"));
            }
        }

        Console.WriteLine("| satellites | p50 before | p50 after | after ÷ before | range | fixed work after ÷ before | p99 | longest | allocated | late blocks | failovers |\n|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (condition, list) in found)
        {
            var ratios = list.Select(one => one.Ratio).ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {condition} | {Median(list.Select(one => one.Before.Median)):0.00} µs | {Median(list.Select(one => one.After.Median)):0.00} µs | {Median(ratios):0.00} | {ratios.Min():0.00} to {ratios.Max():0.00} | {Median(list.Select(one => one.FixedRatio)):0.00} | {Median(list.Select(one => one.After.P99)):0.00} µs | {list.Max(one => one.After.Longest):0} µs | {list.Sum(one => one.AllocatedBytes)} B | {list.Sum(one => one.LateBlocks)} | {list.Sum(one => one.Failovers)} |"));
        }

        Console.WriteLine($"\n{found.Values.Sum(list => list.Sum(one => (long)one.After.Calls))} calls after it in all. {pauses.Read()}");
        return found.Values.All(list => Median(list.Select(one => one.Ratio)) <= Bar && list.All(one => one.AllocatedBytes == 0)) ? 0 : 1;
    }

    private static async Task<Measured> MeasureAsync(Scene scene, Condition condition, double seconds)
    {
        await using var performance = await Performance.StartAsync(scene, floods: condition == Condition.Flooding);
        await performance.PlayAsync(WarmUpSeconds);
        var before = await MeasureAsync(performance, seconds);
        var late = performance.LateBlocks;
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
                case Condition.Flooding:
                    await satellite.FloodAsync();
                    break;
            }
        }

        var after = await MeasureAsync(performance, seconds);
        var result = await performance.EndAsync();
        return new Measured(before, after, result.LateBlocks - late, result.Failovers);
    }

    private static async Task<CallTimes> MeasureAsync(Performance performance, double seconds)
    {
        performance.Meter.Begin();
        await performance.PlayAsync(seconds);
        return performance.Meter.End();
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>One performance, before and after what comes over its satellites.</summary>
    private sealed record Measured(CallTimes Before, CallTimes After, long LateBlocks, int Failovers)
    {
        public double Ratio => After.Median / Before.Median;

        public double FixedRatio => After.FixedMedian / Before.FixedMedian;

        public long AllocatedBytes => Before.AllocatedBytes + After.AllocatedBytes;
    }
}
