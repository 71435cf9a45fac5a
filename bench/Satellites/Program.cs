using System.CommandLine;
using System.Globalization;
using Loophole.Bench.Satellites;

var tracks = new Option<int>("--tracks") { Description = "Tracks of the project.", DefaultValueFactory = _ => 64 };
var seconds = new Option<int>("--seconds") { Description = "Its length.", DefaultValueFactory = _ => 60 };
var rounds = new Option<int>("--rounds") { Description = "Rounds; the variants are interleaved within each.", DefaultValueFactory = _ => 5 };
var root = new RootCommand("Renders a large project with one and with two single-threaded satellites, in interleaved rounds, and compares the medians.") { tracks, seconds, rounds };
root.SetAction(async (parsed, cancellationToken) =>
{
    var folder = Directory.CreateTempSubdirectory("loophole-bench-").FullName;
    try
    {
        var project = Path.Combine(folder, "bench.dawproject");
        await BenchProject.WriteAsync(project, parsed.GetValue(tracks), parsed.GetValue(seconds), cancellationToken);
        var pulse = new PulseProcess(project, Path.Combine(folder, "out.wav"));
        var times = new Dictionary<int, List<double>> { [0] = [], [1] = [], [2] = [] };
        var hashes = new HashSet<string>();
        var peak = 0L;
        for (var round = 0; round < parsed.GetValue(rounds); round++)
        {
            foreach (var (satellites, list) in times)
            {
                var run = await pulse.RenderAsync(satellites, cancellationToken);
                list.Add(run.Seconds);
                hashes.Add(run.Sha256);
                peak = Math.Max(peak, run.PeakMemoryBytes);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}, {satellites} satellites: {run.Seconds:0.000} s, {run.RealtimeFactor:0.0}× real time, largest process {run.PeakMemoryBytes >> 20} MiB"));
            }
        }

        foreach (var (satellites, list) in times)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{satellites} satellites: median {Median(list):0.000} s ({list.Min():0.000} to {list.Max():0.000})"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"two against one: {Median(times[1]) / Median(times[2]):0.00}× faster; largest process {peak >> 20} MiB; {(hashes.Count == 1 ? "all renders equal" : "RENDERS DIFFER")}"));
        return hashes.Count == 1 ? 0 : 1;
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
});
return await root.Parse(args).InvokeAsync();

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
