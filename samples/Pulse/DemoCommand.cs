using System.Text.Json;
using Loophole.Cluster.Placement;
using Loophole.Samples;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Loophole.Pulse;

/// <summary><c>pulse demo</c>: makes a project, renders it on satellites and locally, and compares the two files.</summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(DirectoryInfo folder, RenderArguments arguments, bool json, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        TransportCheck.Require(arguments.Transport, arguments.InsecureLoopback);
        var console = Terminal.For(json);
        folder.Create();
        var projectPath = Path.Combine(folder.FullName, "demo.dawproject");
        await DemoProject.WriteAsync(projectPath, cancellationToken);
        var media = Project.OpenMedia();
        var project = await Project.OpenAsync(projectPath, arguments.SampleRate, media, cancellationToken);
        console.WriteLine($"{projectPath}: {project.Graph.Channels.Length} channels, {project.Graph.LengthFrames / arguments.SampleRate} s");
        var view = new ProgressView(console, TimeProvider.System);

        var distributedPath = Path.Combine(folder.FullName, "distributed.wav");
        var distributed = await RenderAsync("on satellites", arguments, distributedPath);
        var localPath = Path.Combine(folder.FullName, "local.wav");
        var local = await RenderAsync("locally", arguments with { Satellites = 0, Nodes = [], Policy = DistributionPolicy.Off }, localPath);

        var equal = distributed.Sha256 == local.Sha256 && await SameBytesAsync(distributedPath, localPath, cancellationToken);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new DemoReport(equal, distributed, local), ReportJson.Default.DemoReport));
        }

        console.WriteLine(equal
            ? $"Equal, bit for bit: {distributedPath} and {localPath}, sha256 {local.Sha256}"
            : $"NOT EQUAL: {distributedPath} has {distributed.Sha256}, {localPath} has {local.Sha256}");
        return equal ? ExitCode.Done : ExitCode.Unequal;

        async Task<RenderReport> RenderAsync(string title, RenderArguments how, string path)
        {
            var report = await view.ShowAsync(title, how.SampleRate, progress => RenderRun.RunAsync(project, media, how, path, progress, loggers, cancellationToken));
            view.ShowNodes(report.Nodes);
            return report;
        }
    }

    private static async Task<bool> SameBytesAsync(string one, string other, CancellationToken cancellationToken)
    {
        var bytes = await Task.WhenAll(File.ReadAllBytesAsync(one, cancellationToken), File.ReadAllBytesAsync(other, cancellationToken));
        return bytes[0].AsSpan().SequenceEqual(bytes[1]);
    }
}
