using System.Text.Json;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Settings;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse cluster</c>: shows what is set about distribution, and changes it.</summary>
internal sealed class ClusterCommand(string folder, bool json)
{
    public Task ShowAsync()
    {
        Show(ClusterSettingsFile.Read(folder));
        return Task.CompletedTask;
    }

    public Task SwitchAsync(bool isOn, string? project, DistributionPolicy? policy, CancellationToken cancellationToken) => ChangeAsync(
        settings => project is null
            ? settings with { IsOn = isOn, Policy = policy ?? settings.Policy }
            : settings.With(project, settings.Of(project) with { IsOn = isOn, Policy = policy ?? settings.Of(project).Policy }),
        cancellationToken);

    public Task PinAsync(string project, string channel, string? node, CancellationToken cancellationToken) => ChangeAsync(
        settings => settings.With(project, settings.Of(project) with
        {
            Pins = node is null ? settings.Of(project).Pins.Remove(channel) : settings.Of(project).Pins.SetItem(channel, node),
        }),
        cancellationToken);

    public Task ExcludeAsync(string node, bool isExcluded, CancellationToken cancellationToken) => ChangeAsync(
        settings => settings with { Excluded = isExcluded ? settings.Excluded.Add(node) : settings.Excluded.Remove(node) },
        cancellationToken);

    private async Task ChangeAsync(Func<ClusterSettings, ClusterSettings> change, CancellationToken cancellationToken) =>
        Show(await ClusterSettingsFile.UpdateAsync(folder, change, cancellationToken: cancellationToken));

    private void Show(ClusterSettings settings)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(settings, ReportJson.Default.ClusterSettings));
            return;
        }

        var console = Terminal.For(json: false);
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
}
