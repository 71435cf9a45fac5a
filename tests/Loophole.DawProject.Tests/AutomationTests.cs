using Loophole.Cluster.Graph;
using Loophole.DawProject.Tests.Support;

namespace Loophole.DawProject.Tests;

/// <summary>At 120 beats a minute and 48,000 Hz a beat is 24,000 frames.</summary>
public sealed class AutomationTests : IDisposable
{
    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hold_and_linear_points_land_on_their_frames()
    {
        Assert.Equal(
            [new AutomationPoint(0, 0.5, true), new AutomationPoint(48_000, 1, false), new AutomationPoint(96_000, 0.25, false)],
            await VolumeAsync("""<RealPoint time="0" value="0.5" interpolation="linear"/><RealPoint time="2" value="1" interpolation="hold"/><RealPoint time="4" value="0.25" interpolation="linear"/>"""));
    }

    [Fact]
    public async Task Points_out_of_order_are_sorted()
    {
        Assert.Equal([0L, 24_000], (await VolumeAsync("""<RealPoint time="1" value="1"/><RealPoint time="0" value="0"/>""")).Select(point => point.Frame));
    }

    [Fact]
    public async Task A_jump_at_the_end_of_a_line_leaves_the_line_straight()
    {
        // Up to 1 at beat 1, then 0 at once. One frame before, the line has reached 23,999/24,000.
        Assert.Equal(
            [new AutomationPoint(0, 0, true), new AutomationPoint(23_999, 23_999 / 24_000.0, false), new AutomationPoint(24_000, 0, false)],
            await VolumeAsync("""<RealPoint time="0" value="0" interpolation="linear"/><RealPoint time="1" value="1"/><RealPoint time="1" value="0"/>"""));
    }

    [Fact]
    public async Task Of_points_on_one_frame_the_last_counts()
    {
        Assert.Equal([new AutomationPoint(0, 3, false)], await VolumeAsync("""<RealPoint time="0" value="1"/><RealPoint time="0.00000001" value="2"/><RealPoint time="0.00000002" value="3"/>"""));
    }

    [Fact]
    public async Task Lines_in_decibels_become_curves_in_gain_within_the_stated_error()
    {
        var points = await VolumeAsync("""<RealPoint time="0" value="0" interpolation="linear"/><RealPoint time="8" value="-60"/>""", "unit=\"decibel\"");
        Assert.True(points.Length is > 60 and < 2_000, $"{points.Length} points");
        Assert.Equal(1, points[0].Value, 12);
        Assert.Equal(0.001, points[^1].Value, 12);
        for (var frame = 0L; frame <= 192_000; frame += 97)
        {
            var expected = Math.Pow(10, -60 * (frame / 192_000.0) / 20);
            Assert.Equal(0, (ValueAt(points, frame) / expected) - 1, 2.5e-4);
        }
    }

    [Fact]
    public async Task Lines_from_silence_are_straight_in_gain()
    {
        Assert.Equal(
            [new AutomationPoint(0, 0, true), new AutomationPoint(24_000, 1, false)],
            await VolumeAsync("""<RealPoint time="0" value="-inf" interpolation="linear"/><RealPoint time="1" value="0"/>""", "unit=\"decibel\""));
    }

    [Fact]
    public async Task Lines_over_a_tempo_ramp_follow_the_beats()
    {
        var result = await _folder.BuildLanesAsync(
            Xml.Points("vol1", """<RealPoint time="0" value="0" interpolation="linear"/><RealPoint time="4" value="4"/>"""),
            """<TempoAutomation unit="bpm"><RealPoint time="0" value="60" interpolation="linear"/><RealPoint time="4" value="240"/></TempoAutomation>""");
        var points = result.Setting("node:c1:fader", "volume")!.Automation;
        Assert.Equal(65, points.Length); // sixteenths of 4 beats
        for (var frame = 0L; frame < points[^1].Frame; frame += 101)
        {
            // The value is the beat; within a sixteenth the ramp bends by less than a thousandth of a beat.
            Assert.Equal(result.Tempo.BeatsAt(frame / 48_000.0), ValueAt([.. points], frame), 1e-3);
        }
    }

    [Fact]
    public async Task Mute_pan_and_sends_are_automated_too()
    {
        var structure = Xml.AudioTrack.Replace(
            "<Volume id=\"vol1\"",
            """<Sends><Send destination="m" type="post"><Volume id="send1" unit="linear" value="0.5"/></Send></Sends><Volume id="vol1" """,
            StringComparison.Ordinal) + Xml.Master;
        var result = await _folder.BuildXmlAsync(Xml.Project(
            structure,
            Xml.Points("mute1", """<BoolPoint time="0" value="true"/><BoolPoint time="1" value="false"/>""")
            + Xml.Points("pan1", """<RealPoint time="0" value="0" interpolation="linear"/><RealPoint time="1" value="1"/>""")
            + Xml.Points("send1", """<RealPoint time="2" value="1"/>""")));
        Assert.Equal([new AutomationPoint(0, 1, false), new AutomationPoint(24_000, 0, false)], result.Setting("node:c1:fader", "mute")!.Automation.AsEnumerable());
        Assert.Equal([new AutomationPoint(0, -1, true), new AutomationPoint(24_000, 1, false)], result.Setting("node:c1:pan", "position")!.Automation.AsEnumerable());
        Assert.Equal([new AutomationPoint(48_000, 1, false)], result.Setting("node:c1:send:1", "level")!.Automation.AsEnumerable());
    }

    [Fact]
    public async Task Unknown_targets_and_expressions_are_reported()
    {
        var result = await _folder.BuildLanesAsync(
            Xml.Points("t1", """<RealPoint time="0" value="1"/>""", "name=\"Odd\"") + """<Points track="t1" name="Bend"><Target expression="pitchBend" channel="0"/><RealPoint time="0" value="0"/></Points><Points name="Bare"/>""");
        Assert.True(result.Reports(DawProjectReportKind.Ignored, "\"Odd\"", "no parameter"));
        Assert.True(result.Reports(DawProjectReportKind.Ignored, "\"Bend\"", "pitchBend"));
        Assert.True(result.Reports(DawProjectReportKind.Ignored, "\"Bare\"", "not applied"));
    }

    [Fact]
    public async Task A_tempo_lane_among_the_others_counts_when_there_is_no_other()
    {
        var result = await _folder.BuildLanesAsync(Xml.Points("tempo", """<RealPoint time="0" value="60"/>""") + Xml.Clips($"""<Clip time="1" duration="1">{Xml.Audio}</Clip>"""));
        Assert.Equal(48_000, result.Regions().Single().StartFrame);
    }

    [Fact]
    public async Task A_tempo_jump_at_the_end_of_a_ramp_leaves_the_ramp_straight()
    {
        // 60 to 120 over 4 beats takes 4·ln 2 s; from there on 240: beat 8 is 1 s later.
        var result = await _folder.BuildLanesAsync("", """<TempoAutomation><RealPoint time="0" value="60" interpolation="linear"/><RealPoint time="4" value="120"/><RealPoint time="4" value="240"/></TempoAutomation>""" + "", bpm: "100");
        Assert.Equal((4 * Math.Log(2)) + 1, result.Tempo.SecondsAt(8), 8);
    }

    [Theory]
    [InlineData("""<TempoAutomation><RealPoint time="0" value="0"/></TempoAutomation>""", DawProjectError.BadValue)]
    [InlineData("""<TempoAutomation><RealPoint time="0" value="inf"/></TempoAutomation>""", DawProjectError.BadValue)]
    [InlineData("""<TempoAutomation><RealPoint time="1e300" value="100"/></TempoAutomation>""", DawProjectError.BadTimeline)]
    [InlineData("""<TimeSignatureAutomation><TimeSignaturePoint time="0" numerator="4" denominator="3"/></TimeSignatureAutomation>""", DawProjectError.BadValue)]
    public async Task Impossible_tempi_and_time_signatures_are_refused(string arrangement, DawProjectError error)
    {
        var exception = await Assert.ThrowsAsync<DawProjectException>(() => _folder.BuildLanesAsync("", arrangement));
        Assert.Equal(error, exception.Error);
        Assert.Contains("line", exception.Message, StringComparison.Ordinal);
    }

    private static double ValueAt(AutomationPoint[] points, long frame)
    {
        var index = Array.FindLastIndex(points, point => point.Frame <= frame);
        var from = points[index];
        if (!from.IsLinear)
        {
            return from.Value;
        }

        var to = points[index + 1];
        return from.Value + ((to.Value - from.Value) * (frame - from.Frame) / (to.Frame - from.Frame));
    }

    private async Task<AutomationPoint[]> VolumeAsync(string points, string attributes = "unit=\"linear\"") =>
        [.. (await _folder.BuildLanesAsync(Xml.Points("vol1", points, attributes))).Setting("node:c1:fader", "volume")!.Automation];
}
