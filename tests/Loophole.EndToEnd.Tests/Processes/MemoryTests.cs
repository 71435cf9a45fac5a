using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;
using static Loophole.EndToEnd.Tests.Processes.Projects.ProjectText;

namespace Loophole.EndToEnd.Tests.Processes;

[Collection(ProcessCollection.Name)]
public sealed class MemoryTests : IDisposable
{
    private const int Tracks = 64;
    private const long LimitBytes = 400_000_000;

    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Sixty_four_tracks_take_no_more_memory_when_they_are_longer()
    {
        var brief = await PeakAsync(seconds: 20);
        var lasting = await PeakAsync(seconds: 80);
        Assert.InRange(brief, 1, LimitBytes);
        Assert.InRange(lasting, 1, LimitBytes);
        Assert.True(lasting < brief * 1.25, $"{lasting >> 20} MiB for 80 s, {brief >> 20} MiB for 20 s.");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The most memory that the host or the satellite held.</summary>
    private async Task<long> PeakAsync(int seconds)
    {
        var project = _folder.At($"tracks-{seconds}.dawproject");
        var names = Enumerable.Range(0, Tracks).Select(track => $"t{track}").ToArray();
        ProjectText.Write(
            project,
            Project(
                string.Concat(names.Select(name => Track(name, Channel(name)))) + Track("out", Master),
                $"""<Lanes timeUnit="seconds">{string.Concat(names.Select(name => Lane(name, Clip(0, seconds, "audio/long.wav", 48_000, 2, seconds))))}</Lanes>"""),
            ("audio/long.wav", Recording.Make(1, 48_000, 2, seconds)));
        var outcome = await PulseProcess.RenderAsync(_folder, project, ["--satellites", "1"]);
        File.Delete(project);
        return outcome.Nodes.Max(node => node.PeakMemoryBytes);
    }
}
