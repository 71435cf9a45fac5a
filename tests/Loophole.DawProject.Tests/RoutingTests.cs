using Loophole.Cluster.Graph;
using Loophole.DawProject.Tests.Support;

namespace Loophole.DawProject.Tests;

public sealed class RoutingTests : IDisposable
{
    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_master_is_added_and_a_missing_destination_feeds_it()
    {
        var result = await BuildAsync("""<Track id="t" name="Solo"><Channel id="c"/></Track>""");
        Assert.Equal(["ch:c", "ch:#master"], result.Graph.Channels.Select(channel => channel.Id));
        Assert.Equal("ch:#master", result.Graph.OutputChannelId);
        Assert.Equal("ch:#master", result.Channel("ch:c").OutputChannelId);
        Assert.True(result.Reports(DawProjectReportKind.Assumed, "\"Solo\"", "feeds the master"));
        Assert.True(result.Reports(DawProjectReportKind.Assumed, "Structure", "no master"));
    }

    [Fact]
    public async Task A_second_master_feeds_the_first()
    {
        var result = await BuildAsync(Xml.Master + """<Track name="Other"><Channel id="m2" role="master"/></Track><Track><Channel id="c" destination="m2"/></Track>""");
        Assert.Equal("ch:m", result.Graph.OutputChannelId);
        Assert.Equal((ChannelRole.Submix, "ch:m"), (result.Channel("ch:m2").Role, result.Channel("ch:m2").OutputChannelId));
    }

    [Fact]
    public async Task Circles_are_refused_with_the_channels_named()
    {
        var exception = await Assert.ThrowsAsync<DawProjectException>(() => BuildAsync(
            """<Track name="A"><Channel id="a" destination="b"/></Track><Track name="B"><Channel id="b" destination="m"><Sends><Send destination="c"><Volume unit="linear" value="1"/></Send></Sends></Channel></Track><Track name="C"><Channel id="c" destination="a"/></Track>""" + Xml.Master));
        Assert.Equal(DawProjectError.RoutingCycle, exception.Error);
        Assert.Matches("Track \"A\".*→ Track \"B\".*→ Track \"C\".*→ Track \"A\"", exception.Message);
    }

    [Fact]
    public async Task A_channel_that_feeds_itself_is_a_circle() =>
        Assert.Equal(DawProjectError.RoutingCycle, (await Assert.ThrowsAsync<DawProjectException>(() => BuildAsync("""<Channel id="a" destination="a"/>"""))).Error);

    [Fact]
    public async Task Vca_channels_are_reported_and_left_out()
    {
        var result = await BuildAsync("""<Track name="V"><Channel id="v" role="vca"/></Track><Track><Channel id="c" destination="v"/></Track>""" + Xml.Master);
        Assert.Equal(["ch:c", "ch:m"], result.Graph.Channels.Select(channel => channel.Id));
        Assert.Equal("ch:m", result.Channel("ch:c").OutputChannelId);
        Assert.True(result.Reports(DawProjectReportKind.Ignored, "Channel \"v\"", "VCA"));
    }

    [Fact]
    public async Task Destinations_may_name_tracks()
    {
        var result = await BuildAsync("""<Track id="bus"><Channel id="b" destination="m"/></Track><Track><Channel id="c" destination="bus"/></Track>""" + Xml.Master);
        Assert.Equal("ch:b", result.Channel("ch:c").OutputChannelId);
    }

    [Theory]
    [InlineData("a", new[] { "b", "g", "gc", "r2", "x" })]
    [InlineData("g", new[] { "a", "b", "r", "x" })]
    [InlineData("gc", new[] { "a", "b", "r", "x" })]
    [InlineData("r", new[] { "a", "b", "g", "gc", "r2", "x" })]
    public async Task Solo_mutes_what_is_not_on_its_way(string soloed, string[] muted)
    {
        // a sends to r; b feeds the master; gc is in the group g and sends to r2; x is alone and sends pre-fader to r.
        static string Send(string to, string type = "post") => $"""<Sends><Send destination="{to}" type="{type}"><Volume unit="linear" value="1"/></Send></Sends>""";
        var structure = $"""
            <Track name="A"><Channel id="a" destination="m">{Send("r")}</Channel></Track>
            <Track name="B"><Channel id="b" destination="m"/></Track>
            <Track name="G"><Channel id="g" destination="m" role="submix"/><Track><Channel id="gc" destination="g">{Send("r2")}</Channel></Track></Track>
            <Track name="X"><Channel id="x" destination="m">{Send("r", "pre")}</Channel></Track>
            <Channel id="r" role="effect" destination="m"/><Channel id="r2" role="effect" destination="m"/>
            """ + Xml.Master;
        var result = await BuildAsync(structure.Replace($"id=\"{soloed}\"", $"id=\"{soloed}\" solo=\"true\"", StringComparison.Ordinal));
        var actual = result.Graph.Channels.Where(channel => result.Setting($"node:{channel.Id[3..]}:fader", "mute")?.Value == 1).Select(channel => channel.Id[3..]);
        Assert.Equal(muted.Order(), actual.Order());
        Assert.Equal(0, result.Setting("node:x:send:1", "level")!.Value);
    }

    [Fact]
    public async Task Tracks_without_channel_get_one_when_they_play()
    {
        var audio = Xml.Clips($"""<Clip time="0" duration="1">{Xml.Audio}</Clip>""");
        var result = await _folder.BuildXmlAsync(Xml.Project("""<Track id="t1" name="Bare"/><Track id="t2" name="Empty"/>""" + Xml.Master, audio), ("a.wav", Wav.Make(48_000, 1, 10)));
        Assert.Equal(["ch:track:t1", "ch:m"], result.Graph.Channels.Select(channel => channel.Id));
        Assert.Equal("ch:m", result.Channel("ch:track:t1").OutputChannelId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""<Track name="Master"><Channel id="m" role="master"/></Track>""")]
    public async Task Nothing_but_a_master_is_nothing_to_render(string structure)
    {
        var exception = await Assert.ThrowsAsync<DawProjectException>(() => BuildAsync(structure));
        Assert.Equal(DawProjectError.NothingToRender, exception.Error);
        Assert.Contains("nothing to render", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inactive_tracks_and_switched_off_sends_are_silent()
    {
        var result = await BuildAsync("""<Track loaded="false"><Channel id="c" destination="m"><Sends><Send destination="m"><Enable value="false"/><Volume unit="linear" value="1"/></Send></Sends></Channel></Track>""" + Xml.Master);
        Assert.Equal(1, result.Setting("node:c:fader", "mute")!.Value);
        Assert.Equal(0, result.Setting("node:c:send:1", "level")!.Value);
    }

    private Task<DawProjectGraphResult> BuildAsync(string structure) => _folder.BuildXmlAsync(Xml.Project(structure));
}
