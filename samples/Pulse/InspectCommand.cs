using System.Globalization;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Planning;
using Loophole.Engine;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse inspect</c>: what is in a project, and what will sound otherwise than it was meant.</summary>
internal static class InspectCommand
{
    public static async Task<int> RunAsync(string projectPath, int sampleRate, CancellationToken cancellationToken)
    {
        var console = Terminal.For(json: false);
        var project = await Project.OpenAsync(projectPath, sampleRate, Project.OpenMedia(), cancellationToken);
        var plan = new GraphPlanner(new BuiltInProcessors()).Plan(project.Graph);
        var table = new Table().AddColumns("channel", "role", "nodes", "clips", "sends", "feeds");
        foreach (var channel in project.Graph.Channels)
        {
            table.AddRow(
                Markup.Escape(channel.Name),
                channel.Role.ToString(),
                Markup.Escape(string.Join('\n', channel.Nodes.OfType<ProcessorNode>().Select(node => $"{node.Processor} {node.Id}"))),
                channel.Nodes.OfType<LaneStreamNode>().Sum(lane => lane.Regions.Length).ToString(CultureInfo.InvariantCulture),
                channel.Nodes.OfType<SendNode>().Count().ToString(CultureInfo.InvariantCulture),
                Markup.Escape(project.Graph.Channels.FirstOrDefault(other => other.Id == channel.OutputChannelId)?.Name ?? ""));
        }

        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{project.Graph.LengthFrames / (double)sampleRate:0.000} s at {sampleRate} Hz, {plan.Steps.Length} steps, latency {plan.LatencyFrames} frames, {project.Media.Length} media files"));
        foreach (var plugin in project.MissingPlugins)
        {
            console.WriteLine($"missing plugin: {plugin}");
        }

        foreach (var report in project.Reports)
        {
            console.WriteLine($"note: {report.Element}: {report.Message}");
        }

        return ExitCode.Done;
    }
}
