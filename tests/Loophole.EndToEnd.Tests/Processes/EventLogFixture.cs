using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>An event log, and the hashes of local renders with and without it.</summary>
public sealed class EventLogFixture(ReferenceRenders references) : IAsyncLifetime
{
    /// <summary>Plays from the middle, goes back to the start, stops, goes on; a fader is ridden and given back.</summary>
    public const string Log =
        """
        {"kind":"transport","frame":0,"sequence":0,"projectFrame":24000,"isPlaying":true,"resetsState":false}
        {"kind":"parameter","frame":10007,"sequence":0,"nodeId":"node:voice:fader","parameter":"volume","value":0.1,"rampFrames":4801}

        {"kind":"transport","frame":30011,"sequence":0,"projectFrame":0,"isPlaying":true,"resetsState":true}
        {"kind":"parameter","frame":30011,"sequence":1,"nodeId":"node:voice:fader","parameter":"volume","value":null}
        {"kind":"transport","frame":70001,"sequence":0,"projectFrame":39990,"isPlaying":false}
        {"kind":"transport","frame":80000,"sequence":0,"projectFrame":39990,"isPlaying":true}
        """;

    private readonly TestFolder _folder = new();
    private string _project = "";

    internal string Sha256WithoutLog { get; private set; } = "";

    internal string Sha256 { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        (_project, var local, _) = await references.SmallAsync();
        Sha256WithoutLog = local.Sha256;
        Sha256 = await RenderAsync(Log, "--local");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    /// <summary>Renders with a log.</summary>
    /// <returns>The hash.</returns>
    internal async Task<string> RenderAsync(string log, params string[] arguments)
    {
        var path = Path.Combine(_folder.NewFolder(), "events.log");
        await File.WriteAllTextAsync(path, log);
        return (await PulseProcess.RenderAsync(_folder, _project, ["--tail", "0.25", .. arguments, "--events", path])).Sha256;
    }
}
