using System.Globalization;
using System.Text.Json;
using Loophole.Samples;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse play</c>: a project on an audio device, until its end, <c>q</c> or Ctrl+C.</summary>
internal static class PlayCommand
{
    /// <summary>So many gaps are told one by one.</summary>
    private const int ShownGaps = 20;

    public static async Task<int> RunAsync(string projectPath, RenderArguments arguments, PlayArguments play, bool json, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        TransportCheck.Require(arguments.Transport, arguments.InsecureLoopback);
        _ = play.LoopRegion(arguments.SampleRate);
        var console = Terminal.For(json);
        var device = play.Device ?? Choose(console);
        var media = Project.OpenMedia();
        var project = await Project.OpenAsync(projectPath, arguments.SampleRate, media, cancellationToken);
        var script = play.ScriptPath is { } path ? await PlayScript.ReadAsync(path, project.Graph, cancellationToken) : null;
        var view = new PlayView(console, project, arguments.SampleRate);
        Show(await view.ShowAsync(() => PlayRun.RunAsync(project, media, arguments, play, script, device, view, loggers, cancellationToken)), play, json);
        return ExitCode.Done;
    }

    /// <summary>Says what was played.</summary>
    public static void Show(PlayReport report, PlayArguments play, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.PlayReport));
            return;
        }

        var console = Terminal.For(json);
        new ProgressView(console, TimeProvider.System).ShowNodes(report.Nodes);
        foreach (var line in report.Reports)
        {
            console.WriteLine($"note: {line}");
        }

        foreach (var gap in report.Gaps.Take(ShownGaps))
        {
            console.WriteLine($"note: {gap.Say(report.SampleRate)}");
        }

        if (report.Gaps.Length > ShownGaps)
        {
            console.WriteLine($"note: and {report.Gaps.Length - ShownGaps} more; --json tells them all");
        }

        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Frames} frames on {report.Device}, {report.LateBlocks} late blocks, {report.Xruns} xruns; the longest call of the device took {report.Callback.LongestMilliseconds:0.0} ms, {report.Callback.Collections} garbage collections {report.Callback.PausedMilliseconds:0.0} ms together"));
        if (play.RecordPath is { } record)
        {
            console.WriteLine($"{record}: sha256 {report.Sha256}{(report.LostFrames > 0 ? $", {report.LostFrames} frames short: the disk was too slow" : "")}");
        }
    }

    /// <summary>The first device that there is, said aloud.</summary>
    public static string Choose(IAnsiConsole console)
    {
        var (device, reasons) = DeviceChoice.FirstOf(AudioHosts.Open());
        foreach (var reason in reasons)
        {
            console.WriteLine($"note: not on {reason}");
        }

        console.WriteLine($"note: playing on {device}{(device == "null" ? ", which makes no sound" : "")}");
        return device;
    }
}
