using Loophole.Cluster.Media;
using Loophole.DawProject;
using Loophole.Engine;

namespace Loophole.Pulse;

/// <summary>A project that was opened: its graph, and its media in Pulse's store.</summary>
internal static class Project
{
    /// <summary>Where Pulse, and the host Signal it starts, keep media.</summary>
    public static string MediaFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "loophole", "media");

    public static DirectoryMediaStore OpenMedia() => new(new DirectoryMediaStoreOptions { Directory = MediaFolder });

    /// <summary>Reads a project and what is kept beside it, and resolves it to frames.</summary>
    /// <exception cref="DawProjectException">It cannot be read; the message names file and element.</exception>
    /// <exception cref="InvalidDataException">What is kept beside it is no session; the message names the file and the place in it.</exception>
    public static async Task<DawProjectGraphResult> OpenAsync(string path, int sampleRate, IMediaStore media, CancellationToken cancellationToken)
    {
        await using var file = await DawProjectReader.ReadAsync(path, cancellationToken);
        var result = await DawProjectGraph.BuildAsync(file, new DawProjectGraphOptions { SampleRate = sampleRate, Media = media, Inspector = new WavInspector() }, cancellationToken);
        var session = await ProjectSession.ReadAsync(path, cancellationToken);
        var graph = session.ApplyTo(result.Graph, out var unheard);
        return result with { Graph = graph, Reports = [.. result.Reports, .. unheard.Select(line => new DawProjectReport(DawProjectReportKind.Ignored, ProjectSession.PathOf(path), line))] };
    }
}
