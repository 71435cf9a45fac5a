using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Settings;
using Loophole.Engine;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse plan</c>: where a project would be rendered, and why.</summary>
internal static class PlanCommand
{
    public static async Task<int> RunAsync(string projectPath, string? clusterPath, DistributionPolicy policy, bool isPolicyGiven, bool explain, int sampleRate, string storeFolder, bool json, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var project = await Project.OpenAsync(projectPath, sampleRate, Project.OpenMedia(), cancellationToken);
        var costs = CostBookFile.Open(storeFolder, loggers).Current;
        var plan = costs.ApplyTo(new GraphPlanner(new BuiltInProcessors()).Plan(project.Graph), []);
        var request = clusterPath is not null ? (await ClusterFile.ReadAsync(clusterPath, cancellationToken)).Request(plan, project.Graph, policy)
            : await ServedPulse.AskAsync(storeFolder, client => client.ReadStatusAsync(cancellationToken), loggers, cancellationToken) is { } status
                ? ServedCluster.Request(status, plan, new DistributionControl(storeFolder, Path.GetFileNameWithoutExtension(projectPath), project.Graph), isPolicyGiven ? policy : null)
                : Alone(plan, policy);
        var placed = new ChannelPartitioner().Partition(request);
        var report = Report(request, placed, plan, costs);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.PlanReport));
            return ExitCode.Done;
        }

        Show(report, project.Graph, plan, explain);
        return ExitCode.Done;
    }

    private static PartitionRequest Alone(GlobalPlan plan, DistributionPolicy policy) => new()
    {
        Graph = plan.ToPartitionGraph(),
        Nodes = [new PartitionNode(new NodeId(Guid.Empty), Environment.ProcessorCount, IsHost: true) { Name = Environment.MachineName }],
        Policy = policy,
    };

    private static PlanReport Report(PartitionRequest request, PartitionPlan placed, GlobalPlan plan, LearntCosts costs)
    {
        var names = request.Nodes.ToDictionary(node => node.Id, node => node.Name);
        return new PlanReport(
            request.Policy,
            placed.HasReserve,
            [.. request.Nodes.Zip(placed.Loads, (node, load) => new PlanNodeReport(node.Name, node.IsHost, node.Workers, Math.Round(load.Load, 6), load.Units, load.MemoryBytes, load.AudioChannels))],
            [.. request.Graph.Units.Select((unit, at) => new PlanUnitReport(unit.Id, unit.Cost, plan.Work[at].Sum(part => part.Cost), costs.Knows(plan.Work[at]), names[placed.Owners[at].Node], placed.Owners[at].Worker, placed.Reasons[at]))],
            [.. placed.Refusals.Select(refusal => new PlanRefusalReport(refusal.UnitId, refusal.Node is { } node ? names.GetValueOrDefault(node) : null, refusal.Reason))]);
    }

    private static void Show(PlanReport report, AudioGraph graph, GlobalPlan plan, bool explain)
    {
        var console = Terminal.For(json: false);
        var nodes = new Table().AddColumns("node", "workers", "load", "steps", "audio channels on links");
        foreach (var node in report.Nodes)
        {
            nodes.AddRow(Markup.Escape(node.IsHost ? $"{node.Name} (host)" : node.Name), Number(node.Workers), string.Create(CultureInfo.InvariantCulture, $"{node.Load * 100:0.00} %"), Number(node.Units), Number(node.AudioChannels));
        }

        console.Write(nodes);
        if (explain)
        {
            var units = new Table().AddColumns("step", "channel", "cost", "node", "why");
            foreach (var (unit, step) in report.Units.Zip(plan.Steps))
            {
                var channel = step is Cluster.Plan.ChannelStep strip ? graph.Channels.First(channel => channel.Id == strip.ChannelId).Name : "";
                units.AddRow(Markup.Escape(unit.Id), Markup.Escape(channel), Cost(unit), Markup.Escape($"{unit.Node}, {unit.Worker + 1}"), Markup.Escape(unit.Reason));
            }

            console.Write(units);
        }

        foreach (var refusal in report.Refusals)
        {
            console.WriteLine($"not possible: {refusal.Reason}");
        }

        console.WriteLine(report.HasReserve ? "The loss of any one satellite can be made up for." : "There is no reserve: if the busiest satellite is lost, the others have too little capacity for its work.");
    }

    private static string Cost(PlanUnitReport unit) => unit.IsLearnt
        ? string.Create(CultureInfo.InvariantCulture, $"{unit.Cost:0.##} (learnt; declared {unit.DeclaredCost:0.##})")
        : unit.Cost.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
