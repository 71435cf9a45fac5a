using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests;

public sealed class EventLogTests : IDisposable
{
    private const string Play = """{"kind":"transport","frame":0,"sequence":0,"projectFrame":48000,"isPlaying":true}""";

    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public async Task A_good_log_is_read_in_order()
    {
        var events = await ReadAsync(Play, "", """{"kind":"parameter","frame":9,"sequence":1,"nodeId":"n","parameter":"volume","value":0.5,"rampFrames":480}""");
        Assert.Equal(
            [
                new TransportEvent { Frame = 0, Sequence = 0, ProjectFrame = 48_000, IsPlaying = true },
                new ParameterEvent { Frame = 9, Sequence = 1, NodeId = "n", Parameter = "volume", Value = 0.5, RampFrames = 480 },
            ],
            events);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"frame":1,"sequence":1}""")]
    [InlineData("""{"kind":"dance","frame":1,"sequence":1}""")]
    [InlineData("""{"kind":"transport","frame":1,"sequence":1}""")]
    [InlineData("""{"kind":"transport","frame":0,"sequence":0,"projectFrame":0,"isPlaying":true}""")]
    [InlineData("""{"kind":"parameter","frame":1,"sequence":1,"nodeId":null,"parameter":"p","value":1}""")]
    [InlineData("""{"kind":"parameter","frame":1,"sequence":1,"nodeId":"n","parameter":"p","value":1,"rampFrames":-1}""")]
    [InlineData("""{"kind":"parameter","frame":1,"sequence":1,"nodeId":"n","parameter":"p","value":"NaN"}""")]
    [InlineData("""{"kind":"parameter","frame":1,"sequence":1,"nodeId":"n","parameter":"p","value":1e999}""")]
    public async Task A_bad_line_is_named(string line)
    {
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Play, line));
        Assert.Contains($"{_path}, line 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_starts_at_frame_0_or_later() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Play.Replace("\"frame\":0", "\"frame\":-1", StringComparison.Ordinal)));

    public void Dispose() => File.Delete(_path);

    private async Task<RenderEvent[]> ReadAsync(params string[] lines)
    {
        await File.WriteAllLinesAsync(_path, lines, Wait.Token);
        return [.. await EventLog.ReadAsync(_path, Wait.Token)];
    }
}
