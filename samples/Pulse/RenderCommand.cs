using System.Text.Json;
using Loophole.Samples;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse render</c>: a project into a WAV file.</summary>
internal static class RenderCommand
{
    public static async Task<int> RunAsync(string projectPath, string outputPath, RenderArguments arguments, bool json, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        TransportCheck.Require(arguments.Transport, arguments.InsecureLoopback);
        var console = Terminal.For(json);
        var media = Project.OpenMedia();
        var project = await Project.OpenAsync(projectPath, arguments.SampleRate, media, cancellationToken);
        var view = new ProgressView(console, TimeProvider.System);
        var report = await view.ShowAsync(
            Path.GetFileName(projectPath),
            arguments.SampleRate,
            progress => RenderRun.RunAsync(project, media, arguments, outputPath, progress, loggers, cancellationToken));
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.RenderReport));
            return ExitCode.Done;
        }

        view.ShowNodes(report.Nodes);
        foreach (var line in report.Reports)
        {
            console.WriteLine($"note: {line}");
        }

        console.WriteLine($"{outputPath}: {report.Frames} frames, {report.RealtimeFactor}× real time, sha256 {report.Sha256}");
        return ExitCode.Done;
    }
}
