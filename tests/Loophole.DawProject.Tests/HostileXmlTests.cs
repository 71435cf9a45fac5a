using Loophole.DawProject.Tests.Support;

namespace Loophole.DawProject.Tests;

public sealed class HostileXmlTests : IDisposable
{
    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", DawProjectError.BadXml)]
    [InlineData("<Project", DawProjectError.BadXml)]
    [InlineData("<Song version=\"1\"/>", DawProjectError.BadXml)]
    [InlineData("<?xml version=\"1.0\" encoding=\"no-such-encoding\"?><Project/>", DawProjectError.BadXml)]
    [InlineData("""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Project version="1">&b;</Project>""", DawProjectError.BadXml)]
    [InlineData("""<!DOCTYPE x SYSTEM "file:///etc/passwd"><Project version="1"/>""", DawProjectError.BadXml)]
    [InlineData("""<Project version="1"/>""", DawProjectError.Missing)]
    [InlineData("""<Project><Application name="x" version="1"/></Project>""", DawProjectError.Missing)]
    public async Task Documents_that_are_no_projects(string xml, DawProjectError error) => Assert.Equal(error, (await FailAsync(xml)).Error);

    [Theory]
    [InlineData("""<Track id="x"/><Track id="x"/>""", DawProjectError.DuplicateId, "\"x\"")]
    [InlineData("""<Channel id="a" destination="gone"/>""", DawProjectError.DanglingReference, "gone")]
    [InlineData("""<Channel id="a"><Volume unit="linear" value="NaN"/></Channel>""", DawProjectError.BadValue, "Volume")]
    [InlineData("""<Channel id="a"><Volume unit="linear" value="1e999"/></Channel>""", DawProjectError.BadValue, "1e999")]
    [InlineData("""<Channel id="a"><Volume unit="furlongs" value="1"/></Channel>""", DawProjectError.BadValue, "furlongs")]
    [InlineData("""<Channel id="a"><Volume value="1"/></Channel>""", DawProjectError.Missing, "unit")]
    [InlineData("""<Channel id="a"><Sends><Send/></Sends></Channel>""", DawProjectError.Missing, "Volume")]
    [InlineData("""<Channel id="a"><Mute value="maybe"/></Channel>""", DawProjectError.BadValue, "maybe")]
    [InlineData("""<Channel id="a" role="king"/>""", DawProjectError.BadValue, "king")]
    [InlineData("""<Channel id="a" audioChannels="two"/>""", DawProjectError.BadValue, "two")]
    [InlineData("""<Channel id="a"><Devices><Equalizer deviceRole="audioFX"/></Devices></Channel>""", DawProjectError.Missing, "deviceName")]
    [InlineData("""<Track contentType="audio smell"/>""", DawProjectError.BadValue, "smell")]
    public async Task Structures_that_contradict_the_format_name_element_and_line(string structure, DawProjectError error, string named)
    {
        var exception = await FailAsync(Xml.Project(structure));
        Assert.Equal(error, exception.Error);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        Assert.Contains("in line 5", exception.Message, StringComparison.Ordinal);
        Assert.Contains("project.xml", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<Clips><Clip duration="1"/></Clips>""", DawProjectError.Missing)]
    [InlineData("""<Clips><Clip time="Infinity"/></Clips>""", DawProjectError.BadValue)]
    [InlineData("""<Clips><Clip time="0" reference="gone"/></Clips>""", DawProjectError.DanglingReference)]
    [InlineData("""<Lanes track="gone"/>""", DawProjectError.DanglingReference)]
    [InlineData("""<Points><Target parameter="gone"/></Points>""", DawProjectError.DanglingReference)]
    [InlineData("""<Points><Target expression="gain"/><RealPoint time="0" value="NaN"/></Points>""", DawProjectError.BadValue)]
    [InlineData("""<Points><Target expression="gain"/><BoolPoint time="0"/></Points>""", DawProjectError.Missing)]
    [InlineData("""<Audio duration="1" sampleRate="48000" channels="1"/>""", DawProjectError.Missing)]
    public async Task Timelines_that_contradict_the_format(string lanes, DawProjectError error) => Assert.Equal(error, (await FailAsync(Xml.Project(Xml.Master, lanes))).Error);

    [Theory]
    [InlineData(80, false)]
    [InlineData(100, true)]
    [InlineData(100_000, true)]
    public async Task Depth_has_a_limit(int depth, bool isRefused)
    {
        var structure = string.Concat(Enumerable.Repeat("<Track>", depth)) + string.Concat(Enumerable.Repeat("</Track>", depth));
        if (isRefused)
        {
            Assert.Equal(DawProjectError.TooLarge, (await FailAsync(Xml.Project(structure))).Error);
        }
        else
        {
            using var file = await _folder.ReadAsync(Xml.Project(structure));
        }
    }

    [Fact]
    public async Task Audio_channels_have_a_range()
    {
        var exception = await _folder.FailAsync(Xml.Project("""<Channel id="a" audioChannels="65"/>"""));
        Assert.Equal(DawProjectError.BadValue, exception.Error);
    }

    [Fact]
    public async Task Unknown_content_is_kept_and_reported()
    {
        using var file = await _folder.ReadAsync(Xml.Project("""<Track id="t" shiny="yes"><Sparkle level="9"><Deep/></Sparkle><Channel id="c"><Devices><Hologram deviceName="H"/></Devices></Channel></Track>"""));
        var track = Assert.IsType<DawTrack>(file.Document.Structure.Single());
        Assert.Equal("yes", track.UnknownAttributes.Single().Value);
        Assert.NotNull(track.UnknownElements.Single().Element("Deep"));
        Assert.Equal("Hologram", track.Channel!.UnknownElements.Single().Elements().Single().Name.LocalName);
        Assert.Equal(3, file.Reports.Count(report => report.Kind == DawProjectReportKind.Unknown));
    }

    private async Task<DawProjectException> FailAsync(string xml)
    {
        var exception = await Assert.ThrowsAsync<DawProjectException>(() => _folder.ReadAsync(xml));
        Assert.Contains("test.dawproject", exception.Message, StringComparison.Ordinal);
        return exception;
    }
}
