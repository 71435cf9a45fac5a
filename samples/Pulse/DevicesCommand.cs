using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Loophole.Cluster.Devices;
using Loophole.Samples;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse devices</c>: what one can play by, and what is missing where one cannot.</summary>
internal static class DevicesCommand
{
    public static int Run(bool json)
    {
        Show(new DevicesReport([.. AudioHosts.Open().Select(Ask)]), json);
        return ExitCode.Done;
    }

    private static DeviceHostReport Ask(IAudioDeviceHost host) => host.UnavailableReason is { } reason
        ? new DeviceHostReport(host.Name, reason, [])
        : new DeviceHostReport(host.Name, null, host.List());

    private static void Show(DevicesReport report, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.DevicesReport));
            return;
        }

        var console = Terminal.For(json: false);
        var table = new Table().AddColumns("id", "name", "in", "out", "rate", "block");
        foreach (var device in report.Hosts.SelectMany(host => host.Devices))
        {
            table.AddRow(
                Markup.Escape(device.Id),
                Markup.Escape(device.Name),
                Number(device.InputChannels),
                Number(device.OutputChannels),
                Number(device.SampleRate),
                Number(device.BlockFrames));
        }

        console.Write(table);
        foreach (var host in report.Hosts.Where(host => host.Unavailable is not null))
        {
            console.WriteLine($"{host.Name} is not available: {host.Unavailable}");
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What <c>devices --json</c> prints.</summary>
/// <param name="Hosts">Every kind of devices, available or not.</param>
internal sealed record DevicesReport(ImmutableArray<DeviceHostReport> Hosts);

/// <summary>A kind of devices in a <see cref="DevicesReport"/>.</summary>
/// <param name="Name">The first part of its devices' ids.</param>
/// <param name="Unavailable">What is missing; <see langword="null"/> when nothing is.</param>
/// <param name="Devices">Its devices.</param>
internal sealed record DeviceHostReport(string Name, string? Unavailable, ImmutableArray<AudioDeviceInfo> Devices);
