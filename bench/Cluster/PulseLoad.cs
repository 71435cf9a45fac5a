using System.Diagnostics;
using System.Globalization;
using Loophole.Cluster;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Media;
using Loophole.Cluster.Membership;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.Tests.Placement;
using Loophole.Engine;

namespace Loophole.Bench.Cluster;

/// <summary>A Pulse in this process, and what it takes of a core.</summary>
internal static class PulseLoad
{
    /// <summary>As often something changes so much that everything is placed again: far more often than people do.</summary>
    private static readonly TimeSpan PlanPeriod = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(int satellites, TimeSpan length, int rounds, CancellationToken cancellationToken)
    {
        using var house = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--serve", $"{satellites}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var endPoints = new List<Uri>();
        while (endPoints.Count < satellites && await house.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            endPoints.Add(new Uri(line));
        }

        var folder = Directory.CreateTempSubdirectory("loophole-pulse-").FullName;
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        await using var discovery = StaticDiscovery.Of(NodeService.Signal, endPoints);
        var registry = new ClusterRegistry();
        await using (var coordinator = new RenderCoordinator(
            new RenderCoordinatorOptions(), transport, registry, new ChannelPartitioner(), new BuiltInProcessors(), new DirectoryMediaStore(new DirectoryMediaStoreOptions { Directory = folder })))
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var membership = new ClusterMembership(discovery, coordinator, registry, new MembershipOptions { Schemes = ["tcp"] });
            var running = membership.RunAsync(ending.Token);
            var began = TimeProvider.System.GetTimestamp();
            await foreach (var snapshot in registry.WatchAsync(-1, cancellationToken))
            {
                if (snapshot.Nodes.Count(node => node.Health == NodeHealth.Active) == satellites)
                {
                    break;
                }
            }

            Say($"{satellites} satellites are in after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.00} s");
            var (request, _) = HiddenOptimum.Make(new Random(1), 1_000, satellites);
            await MeasureAsync(length, request, registry, cancellationToken);
            Console.WriteLine("| round | heart-beating and asked | the same, and 1,000 channels placed every 5 s | snapshots a second | lost |\n|---|---|---|---|---|");
            for (var round = 1; round <= rounds; round++)
            {
                var version = registry.Current.Version;
                var idle = await MeasureAsync(length, null, registry, cancellationToken);
                var snapshots = (registry.Current.Version - version) / length.TotalSeconds;
                var planned = await MeasureAsync(length, request, registry, cancellationToken);
                Say($"| {round} | {idle:0.0} % | {planned:0.0} % | {snapshots:0} | {registry.Current.Nodes.Count(node => !node.IsPresent)} |");
            }

            await ending.CancelAsync();
            await running;
        }

        house.StandardInput.Close();
        await house.WaitForExitAsync(CancellationToken.None);
        Directory.Delete(folder, recursive: true);
    }

    /// <param name="length">How long.</param>
    /// <param name="project">What is placed again and again meanwhile; <see langword="null"/> for nothing.</param>
    /// <param name="registry">Who is there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Processor time of this process per time, in percent of a core.</returns>
    private static async Task<double> MeasureAsync(TimeSpan length, PartitionRequest? project, ClusterRegistry registry, CancellationToken cancellationToken)
    {
        var partitioner = new ChannelPartitioner();
        var (cpu, began) = (BenchClock.Cpu, BenchClock.Now);
        for (var left = length; left > TimeSpan.Zero; left -= PlanPeriod)
        {
            await Task.Delay(left < PlanPeriod ? left : PlanPeriod, cancellationToken);
            if (project is not null)
            {
                var nodes = registry.Current.Nodes.Where(node => node.IsPresent).Select(node => new PartitionNode(node.Description.Id, node.Description.Workers, false));
                partitioner.Partition(project with { Nodes = [project.Nodes.Single(node => node.IsHost), .. nodes] });
            }
        }

        return 100.0 * (BenchClock.Cpu - cpu) / (BenchClock.Now - began);
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
