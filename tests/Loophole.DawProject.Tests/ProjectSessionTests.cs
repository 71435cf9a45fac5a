using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Tests;

public sealed class ProjectSessionTests : IDisposable
{
    private static readonly AudioGraph Graph = new()
    {
        SampleRate = 48_000,
        LengthFrames = 0,
        OutputChannelId = "3",
        Channels = [new Channel { Id = "1", Name = "Vocals" }, new Channel { Id = "2", Name = "Vocals" }, new Channel { Id = "3", Name = "1" }],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("loophole-session-").FullName;

    private string Project => Path.Combine(_folder, "song.dawproject");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_said_comes_back_and_what_says_nothing_is_left_out()
    {
        Assert.Same(ProjectSession.Empty, await ProjectSession.ReadAsync(Project, Token));
        var session = ProjectSession.Empty.With("2", new ChannelSession { ForceLive = true }).With("drums", new ChannelSession { ForceLive = true });
        await session.With("drums", new ChannelSession()).WriteAsync(Project, Token);
        Assert.Equal([Path.Combine(_folder, "song.session.json")], Directory.GetFiles(_folder));
        var back = await ProjectSession.ReadAsync(Project, Token);
        Assert.Equal([KeyValuePair.Create("2", new ChannelSession { ForceLive = true })], back.Channels);
    }

    [Fact]
    public void A_Channel_is_found_by_its_id_before_any_name_and_by_a_name_that_only_it_has()
    {
        Assert.Equal([true, false, false], Apply("1").Live);
        Assert.Equal([false, true, false], Apply("2").Live);
        Assert.Empty(Apply("2").Reports);
        var (none, reports) = Apply("Vocals");
        Assert.DoesNotContain(true, none);
        Assert.Contains("2 Channels are called \"Vocals\"", Assert.Single(reports), StringComparison.Ordinal);
        Assert.Contains("1, 2", reports[0], StringComparison.Ordinal);
        Assert.Contains("no Channel \"Bass\"", Assert.Single(Apply("Bass").Reports), StringComparison.Ordinal);

        static (bool[] Live, string[] Reports) Apply(string name)
        {
            var graph = ProjectSession.Empty.With(name, new ChannelSession { ForceLive = true }).ApplyTo(Graph, out var reports);
            return ([.. graph.Channels.Select(channel => channel.IsLive)], [.. reports]);
        }
    }

    [Fact]
    public async Task Inputs_and_inserts_come_back_and_reach_the_Channel()
    {
        var said = new ChannelSession { Input = [3, 1], Monitor = true, Arm = true, InsertFrames = 384, InsertNodes = ["b"] };
        await ProjectSession.Empty.With("c", said).WriteAsync(Project, Token);
        var session = await ProjectSession.ReadAsync(Project, Token);
        Assert.Equal(said, session.Channels["c"]);
        Assert.NotEqual(said, said with { Input = [3, 2] });
        Assert.NotEqual(said, said with { InsertNodes = [] });
        GraphNode[] nodes = [new LaneStreamNode { Id = "lane" }, Processor("a", "equalizer"), Processor("b", "delay"), new SendNode { Id = "s", TargetChannelId = "c" }, Processor("f", "fader")];
        var graph = Graph with { Channels = [new Channel { Id = "c", Name = "Vocals", Nodes = [.. nodes] }] };
        var channel = session.ApplyTo(graph, out var reports).Channels[0];
        Assert.Empty(reports);
        Assert.Equal([2, 0], channel.Input!.DeviceChannels);
        Assert.True(channel.Input.IsMonitored);
        Assert.Equal((384, "b"), (channel.InsertFrames, Tolerant(channel)));
        Assert.Equal("a b", Tolerant(Apply(said with { InsertNodes = [] })));
        Assert.Equal("", Tolerant(Apply(said with { InsertFrames = 0 })));
        Assert.False(Apply(said with { Monitor = false }).Input!.IsMonitored);
        Assert.Null(Apply(said with { Monitor = false, Arm = false }).Input);
        Assert.Null(Apply(said with { Input = [] }).Input);
        Assert.Null(Apply(said with { Input = [1, 2, 3] }, "hear 3 channels").Input);
        Assert.Equal("", Tolerant(Apply(said with { InsertNodes = ["lane", "gone"] }, "no Node lane", "no Node gone")));

        Channel Apply(ChannelSession session, params string[] complaints)
        {
            var changed = ProjectSession.Empty.With("c", session).ApplyTo(graph, out var reports);
            Assert.Equal(complaints.Length, reports.Length);
            Assert.All(complaints.Zip(reports), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
            return changed.Channels[0];
        }

        static string Tolerant(Channel channel) => string.Join(' ', channel.Nodes.Where(node => node.IsLatencyTolerant).Select(node => node.Id));
        static ProcessorNode Processor(string id, string kind) => new() { Id = id, Processor = kind };
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":2,"channels":{}}""")]
    [InlineData("""{"version":1,"channels":{"a":null}}""")]
    [InlineData("""{"version":1,"channels":{"":{"forceLive":true}}}""")]
    [InlineData("""{"version":1,"channels":{"a":{"forceLive":1}}}""")]
    [InlineData("""{"version":1,"channels":{"a":{"loud":true}}}""")]
    [InlineData("""{"version":1,"channels":{"a":{"input":[0]}}}""")]
    [InlineData("""{"version":1,"channels":{"a":{"input":[1,65]}}}""")]
    [InlineData("""{"version":1,"channels":{"a":{"input":null}}}""")]
    [InlineData("""{"version":1,"channels":{"a":{"insertFrames":-1}}}""")]
    [InlineData("""{"version":1,"channels":{"a":{"insertFrames":1000001}}}""")]
    [InlineData("""{"version":1,"channels":{"a":{"insertNodes":[""]}}}""")]
    [InlineData("""{"version":1,"channels":{},"more":1}""")]
    [InlineData("""{"version":1,"channels":{}""")]
    public async Task What_is_no_session_is_refused_by_the_name_of_its_file(string text)
    {
        await File.WriteAllTextAsync(ProjectSession.PathOf(Project), text, Token);
        Assert.Contains("song.session.json", (await Assert.ThrowsAsync<InvalidDataException>(() => ProjectSession.ReadAsync(Project, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_end_is_not_read()
    {
        await using (var file = File.Create(ProjectSession.PathOf(Project)))
        {
            file.SetLength(1L << 40);
        }

        Assert.Contains("bytes", (await Assert.ThrowsAsync<InvalidDataException>(() => ProjectSession.ReadAsync(Project, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_cannot_be_written_nothing_is_left()
    {
        Directory.CreateDirectory(ProjectSession.PathOf(Project));
        await Assert.ThrowsAsync<IOException>(() => ProjectSession.Empty.WriteAsync(Project, Token));
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
