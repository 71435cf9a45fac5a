using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

[Collection(ProcessCollection.Name)]
public sealed class EventLogTests(EqualityFixture fixture) : IClassFixture<EqualityFixture>
{
    /// <summary>Plays from the middle, goes back to the start, stops, goes on; a fader is ridden and given back.</summary>
    private const string Log =
        """
        {"kind":"transport","frame":0,"sequence":0,"projectFrame":24000,"isPlaying":true,"resetsState":false}
        {"kind":"parameter","frame":10007,"sequence":0,"nodeId":"node:voice:fader","parameter":"volume","value":0.1,"rampFrames":4801}

        {"kind":"transport","frame":30011,"sequence":0,"projectFrame":0,"isPlaying":true,"resetsState":true}
        {"kind":"parameter","frame":30011,"sequence":1,"nodeId":"node:voice:fader","parameter":"volume","value":null}
        {"kind":"transport","frame":70001,"sequence":0,"projectFrame":39990,"isPlaying":false}
        {"kind":"transport","frame":80000,"sequence":0,"projectFrame":39990,"isPlaying":true}
        """;

    [Fact]
    public async Task A_log_sounds_the_same_wherever_it_is_rendered_and_unlike_the_project_without_it()
    {
        var log = Write(Log);
        var local = await RenderAsync("--local", "--events", log);
        Assert.NotEqual(fixture.Local.Sha256, local.Sha256);
        Assert.Equal(local.Sha256, (await RenderAsync("--satellites", "2", "--events", log)).Sha256);
        Assert.Equal(local.Sha256, (await RenderAsync("--satellites", "1", "--block", "509", "--events", log)).Sha256);
    }

    [Theory]
    [InlineData("isPlaying\":true,\"resetsState\":true", "isPlaying\":true,\"resetsState\":false")]
    [InlineData("39990,\"isPlaying\":false", "39990,\"isPlaying\":true")]
    [InlineData("\"value\":0.1", "\"value\":0.2")]
    public async Task Every_event_is_heard(string text, string other)
    {
        Assert.Contains(text, Log, StringComparison.Ordinal);
        var one = await RenderAsync("--local", "--events", Write(Log));
        var changed = await RenderAsync("--local", "--events", Write(Log.Replace(text, other, StringComparison.Ordinal)));
        Assert.NotEqual(one.Sha256, changed.Sha256);
    }

    private Task<RenderOutcome> RenderAsync(params string[] arguments) =>
        PulseProcess.RenderAsync(fixture.Folder, fixture.Project, ["--tail", "0.25", .. arguments]);

    private string Write(string log)
    {
        var path = Path.Combine(fixture.Folder.NewFolder(), "events.log");
        File.WriteAllText(path, log);
        return path;
    }
}
