using System.CommandLine;
using System.Globalization;
using Loophole.Bench;
using Loophole.Bench.Placement;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Tests.Placement;

var rounds = new Option<int>("--rounds") { Description = "Projects of each size.", DefaultValueFactory = _ => 9 };
var satellites = new Option<int>("--satellites") { Description = "Satellites beside the host.", DefaultValueFactory = _ => 8 };
var root = new RootCommand("Places projects with a hidden good placement, and compares time and busiest node with it, round-robin, and packing by cost.") { rounds, satellites };
root.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(satellites)));
return root.Parse(args).Invoke();

static int Run(int rounds, int satellites)
{
    var random = new Random(1);
    var partitioner = new ChannelPartitioner();
    for (var warm = 0; warm < 30; warm++)
    {
        _ = partitioner.Partition(HiddenOptimum.Make(random, 300, satellites).Request);
    }

    Console.WriteLine("| channels | units | one plan | per 1,000 units | busiest node ÷ hidden | round-robin ÷ hidden | packing by cost ÷ hidden |\n|---|---|---|---|---|---|---|");
    foreach (var channels in (int[])[100, 300, 1_000, 3_000, 10_000])
    {
        var (times, ours, turns, packed) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var units = 0;
        for (var round = 0; round < rounds; round++)
        {
            var (request, hidden) = HiddenOptimum.Make(random, channels, satellites);
            units = request.Graph.Units.Length;
            var start = BenchClock.Now;
            var plan = partitioner.Partition(request);
            times.Add((BenchClock.Now - start) / 1e6);
            var optimum = LoadReference.Peak(request, unit => hidden[unit]);
            ours.Add(LoadReference.Peak(request, unit => plan.Owners[unit].Node) / optimum);
            turns.Add(LoadReference.Peak(request, SimplePlacements.InTurns(request)) / optimum);
            packed.Add(LoadReference.Peak(request, SimplePlacements.ByCost(request)) / optimum);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {channels} | {units} | {Median(times):0.0} ms ({times.Min():0.0} to {times.Max():0.0}) | {Median(times) * 1_000 / units:0.0} ms | {Median(ours):0.000} (at most {ours.Max():0.000}) | {Median(turns):0.00} | {Median(packed):0.00} |"));
    }

    return 0;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
