using System.Text.Json;
using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Settings;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse cluster</c>: shows how the cluster is and what is set about it, and changes that: through the Pulse that is served, or where none is, in the file.</summary>
internal sealed class ClusterCommand(string folder, bool json, ILoggerFactory loggers)
{
    public async Task ShowAsync(CancellationToken cancellationToken) => Show(
        await AskAsync(client => client.ReadStatusAsync(cancellationToken), cancellationToken) ?? new ClusterReport(false, ClusterSettingsFile.Read(folder)));

    public async Task ChangeAsync(SettingsChange change, CancellationToken cancellationToken)
    {
        if (change.FindFault() is { } fault)
        {
            throw new ArgumentException($"This cannot be set: {fault}.");
        }

        Show(await AskAsync(client => client.ChangeAsync(change, cancellationToken), cancellationToken)
            ?? new ClusterReport(false, await ClusterSettingsFile.UpdateAsync(folder, change.ApplyTo, cancellationToken: cancellationToken)));
    }

    public async Task RetryAsync(string? node, CancellationToken cancellationToken) =>
        Show(await AskAsync(client => client.RetryAsync(node, cancellationToken), cancellationToken) ?? throw ServedPulse.NotServed(folder));

    public async Task TakeBackAsync(string? node, CancellationToken cancellationToken) =>
        Show(await AskAsync(client => client.TakeBackAsync(node, cancellationToken), cancellationToken) ?? throw ServedPulse.NotServed(folder));

    private async Task<ClusterReport?> AskAsync(Func<PulseClient, Task<ClusterStatus>> ask, CancellationToken cancellationToken) =>
        await ServedPulse.AskAsync(folder, ask, loggers, cancellationToken) is { } status ? ClusterReport.Of(status) : null;

    private void Show(ClusterReport report)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.ClusterReport));
            return;
        }

        var console = Terminal.For(json: false);
        ShowSettings(console, report.Settings);
        if (report.IsServed)
        {
            ShowCluster(console, report);
        }
        else
        {
            console.WriteLine("no Pulse is served");
        }
    }

    private static void ShowSettings(IAnsiConsole console, ClusterSettings settings)
    {
        console.WriteLine(settings.IsOn ? $"distribution is on: {settings.Policy}" : "distribution is off");
        foreach (var node in settings.Excluded)
        {
            console.WriteLine($"excluded: {node}");
        }

        if (settings.Projects.IsEmpty)
        {
            return;
        }

        var table = new Table().AddColumns("project", "distribution", "pins");
        foreach (var (name, project) in settings.Projects)
        {
            table.AddRow(Markup.Escape(name), settings.PolicyOf(name).ToString(), Markup.Escape(string.Join('\n', project.Pins.Select(pin => $"{pin.Key} on {pin.Value}"))));
        }

        console.Write(table);
    }

    private static void ShowCluster(IAnsiConsole console, ClusterReport report)
    {
        console.WriteLine($"served: {report.Project ?? "no project"}, {report.Policy}");
        foreach (var node in report.TakenBack!.Value)
        {
            console.WriteLine($"taken back: {node}");
        }

        ClusterTable.Show(console, report.Nodes!.Value, report.Candidates!.Value);
    }
}
