using Loophole.Cluster.Graph;
using Loophole.DawProject.Tests.Support;

namespace Loophole.DawProject.Tests;

/// <summary>At 120 beats a minute and 48,000 Hz a beat is 24,000 frames. The file <c>a.wav</c> has 10 s.</summary>
public sealed class ClipTests : IDisposable
{
    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Raw_audio_on_beats_plays_as_it_is()
    {
        var region = await OneAsync("""<Clip time="4" duration="4" contentTimeUnit="seconds" playStart="1.5" name="A">{0}</Clip>""");
        Check(region, 96_000, 192_000, 72_000, 1);
        Assert.Equal("A", region.ClipName);
    }

    [Fact]
    public async Task Play_start_in_beats_is_turned_into_seconds_of_the_file()
    {
        // No unit of its own: the clip's content counts in beats like the lane, so 3 beats are 1.5 s into the file.
        Check(await OneAsync("""<Clip time="4" duration="2" playStart="3">{0}</Clip>"""), 96_000, 144_000, 72_000, 1);
    }

    [Fact]
    public async Task Raw_audio_goes_on_in_real_time_through_tempo_changes()
    {
        // Beats 0–4 at 120 are 2 s, beats 4–8 at 60 are 4 s: one region of 6 s.
        var result = await _folder.BuildLanesAsync(
            Xml.Clips($"""<Clip time="0" duration="8" contentTimeUnit="seconds">{Xml.Audio}</Clip>"""),
            """<TempoAutomation unit="bpm"><RealPoint time="0" value="120"/><RealPoint time="4" value="60"/></TempoAutomation>""");
        Check(result.Regions().Single(), 0, 288_000, 0, 1);
    }

    [Theory]
    [InlineData("""<Clip time="0" contentTimeUnit="seconds" playStart="1" playStop="3">{0}</Clip>""", 96_000)]
    [InlineData("""<Clip time="0" contentTimeUnit="seconds">{0}</Clip>""", 480_000)]
    [InlineData("""<Clip time="0" duration="100" contentTimeUnit="seconds" playStart="1" playStop="3">{0}</Clip>""", 96_000)]
    [InlineData("""<Clip time="0"><Clips><Clip time="1" duration="3">{0}</Clip></Clips></Clip>""", 96_000)]
    public async Task A_missing_duration_follows_from_the_content(string clip, long end) => Assert.Equal(end, (await OneAsync(clip)).EndFrame);

    [Fact]
    public async Task Loops_are_unrolled_and_cut()
    {
        // Plays seconds 0.25–0.75, then loops 0.5–0.75 until beat 2 (1 s): 0.5 + 0.25 + 0.25 s.
        var regions = await ManyAsync("""<Clip time="0" duration="2" contentTimeUnit="seconds" playStart="0.25" loopStart="0.5" loopEnd="0.75">{0}</Clip>""");
        Assert.Equal(3, regions.Length);
        Check(regions[0], 0, 24_000, 12_000, 1);
        Check(regions[1], 24_000, 36_000, 24_000, 1);
        Check(regions[2], 36_000, 48_000, 24_000, 1);
    }

    [Fact]
    public async Task Loops_whose_length_is_no_whole_frame_do_not_drift()
    {
        // Pass k of a 1/3 beat loop starts at frame round(8,000·k); of a 0.333 beat loop at round(7,992·k); of 0.3333 at round(7,999.2·k).
        var regions = await ManyAsync("""<Clip time="0" duration="100" loopStart="0" loopEnd="0.3333">{0}</Clip>""");
        Assert.Equal(301, regions.Length);
        for (var pass = 0; pass < regions.Length; pass++)
        {
            Assert.Equal((long)Math.Round(7_999.2 * pass, MidpointRounding.AwayFromZero), regions[pass].StartFrame);
        }
    }

    [Fact]
    public async Task Clips_in_clips_are_cut_by_the_outer_one_and_shifted_by_its_play_start()
    {
        // Outer: beats 4–8 shows content beats 1–5. Inner at content beat 0 for 2 beats: project beats 3–5, of which 4–5 is heard, 0.5 s into the file.
        // The other at content beat 4 for 8 beats: project beats 7–15, of which 7–8 is heard.
        var regions = await ManyAsync("""<Clip time="4" duration="4" playStart="1"><Clips><Clip time="0" duration="2">{0}</Clip><Clip time="4" duration="8">{0}</Clip></Clips></Clip>""");
        Assert.Equal(2, regions.Length);
        Check(regions[0], 96_000, 120_000, 24_000, 1);
        Check(regions[1], 168_000, 192_000, 0, 1);
    }

    [Fact]
    public async Task Warps_at_the_files_own_speed_are_plain()
    {
        var result = await BuildAsync("""<Clip time="1" duration="8"><Warps contentTimeUnit="seconds" timeUnit="beats">{0}<Warp time="0" contentTime="0"/><Warp time="8" contentTime="4.0000000001"/></Warps></Clip>""");
        Check(result.Regions().Single(), 24_000, 216_000, 0, 1);
        Assert.DoesNotContain(result.Reports, report => report.Kind == DawProjectReportKind.Approximated);
    }

    [Fact]
    public async Task Warps_go_on_beyond_their_ends()
    {
        // Speed 0.5 before, between and after: content second 0.5 at beat 2 (1 s); the clip shows beats 0–6.
        Check(await OneAsync("""<Clip time="0" duration="6"><Warps contentTimeUnit="seconds" timeUnit="beats">{0}<Warp time="2" contentTime="0.5"/><Warp time="4" contentTime="1"/></Warps></Clip>"""), 0, 144_000, 0, 0.5);
    }

    [Fact]
    public async Task A_tempo_step_inside_a_warped_clip_splits_it_exactly()
    {
        // 8 beats are 4 s of file; at 120 that is speed 1, at 60 (from beat 4 on) 0.5.
        var result = await _folder.BuildLanesAsync(
            Xml.Clips($"""<Clip time="0" duration="8"><Warps contentTimeUnit="seconds" timeUnit="beats">{Xml.Audio}<Warp time="0" contentTime="0"/><Warp time="8" contentTime="4"/></Warps></Clip>"""),
            """<TempoAutomation unit="bpm"><RealPoint time="0" value="120"/><RealPoint time="4" value="60"/></TempoAutomation>""");
        var regions = result.Regions();
        Assert.Equal(2, regions.Length);
        Check(regions[0], 0, 96_000, 0, 1);
        Check(regions[1], 96_000, 288_000, 96_000, 0.5);
    }

    [Fact]
    public async Task A_tempo_ramp_inside_a_warped_clip_is_cut_finely_and_hangs_together()
    {
        var result = await _folder.BuildLanesAsync(
            Xml.Clips($"""<Clip time="0" duration="8"><Warps contentTimeUnit="seconds" timeUnit="beats">{Xml.Audio}<Warp time="0" contentTime="0"/><Warp time="8" contentTime="4"/></Warps></Clip>"""),
            """<TempoAutomation unit="bpm"><RealPoint time="0" value="60" interpolation="linear"/><RealPoint time="8" value="120"/></TempoAutomation>""");
        var regions = result.Regions();
        Assert.Equal(128, regions.Length); // 8 beats in sixteenths
        Assert.Equal(result.Tempo.FrameAt(8, 48_000), regions[^1].EndFrame);
        for (var index = 1; index < regions.Length; index++)
        {
            var before = regions[index - 1];
            var reached = before.SourceStartFrame + ((before.EndFrame - before.StartFrame) * before.SourceStep);
            Assert.Equal(before.EndFrame, regions[index].StartFrame);

            // The pieces meet within what the speed changes in half a frame.
            Assert.Equal(reached, regions[index].SourceStartFrame, 0.01);
        }
    }

    [Fact]
    public async Task A_file_of_another_rate_keeps_the_exact_ratio_and_a_corrected_offset()
    {
        // Beat 1/7 at 120 bpm is second 1/14, frame 3,428.571…, rounded 3,429: 0.42857 frames later, so the source is that much further, times 44,100/48,000.
        var result = await _folder.BuildLanesAsync(Xml.Clips($"""<Clip time="{1 / 7.0:R}" duration="1" contentTimeUnit="seconds" playStart="1">{Xml.Audio}</Clip>"""), fileRate: 44_100);
        var region = result.Regions().Single();
        Assert.Equal(3_429, region.StartFrame);
        Assert.Equal(44_100 / 48_000.0, region.SourceStep);
        Assert.Equal(44_100 + ((3_429 - (48_000 / 14.0)) * 44_100 / 48_000), region.SourceStartFrame, 6);
        Assert.True(result.Reports(DawProjectReportKind.Assumed, "Audio", "44100 Hz"));
    }

    [Fact]
    public async Task At_the_files_rate_the_offset_is_whole_wherever_the_clip_starts()
    {
        var region = await OneAsync("<Clip time=\"0.14285714285714285\" duration=\"1\" contentTimeUnit=\"seconds\" playStart=\"0.3333333\">{0}</Clip>");
        Assert.Equal(1, region.SourceStep);
        Assert.Equal(16_000, region.SourceStartFrame); // 15,999.9984 + 0.43 rounds to 16,000
    }

    [Fact]
    public async Task Fades_count_in_their_own_unit_and_a_negative_one_starts_earlier()
    {
        var region = await OneAsync("""<Clip time="4" duration="4" contentTimeUnit="seconds" playStart="2" fadeTimeUnit="seconds" fadeInTime="-0.5" fadeOutTime="0.25">{0}</Clip>""");

        // Half a second earlier: frame 72,000, file second 1.5.
        Check(region, 72_000, 192_000, 72_000, 1);
        Assert.Equal((72_000, 24_000, 192_000, 12_000), (region.FadeInStartFrame, region.FadeInFrames, region.FadeOutEndFrame, region.FadeOutFrames));
    }

    [Fact]
    public async Task Of_two_fades_on_one_place_the_outer_counts_and_that_is_said()
    {
        var result = await BuildAsync("""<Clip time="0" duration="4" fadeTimeUnit="beats" fadeInTime="1" name="Outer"><Clips><Clip time="0" duration="4" fadeTimeUnit="beats" fadeInTime="2" fadeOutTime="1">{0}</Clip></Clips></Clip>""");
        var region = result.Regions().Single();
        Assert.Equal((24_000, 96_000, 24_000), (region.FadeInFrames, region.FadeOutEndFrame, region.FadeOutFrames));
        Assert.True(result.Reports(DawProjectReportKind.Approximated, "Clip", "Two fades"));
    }

    [Fact]
    public async Task Disabled_clips_are_left_out_and_reported()
    {
        var result = await BuildAsync("""<Clip time="0" duration="1" enable="false" name="Off">{0}</Clip>""");
        Assert.Empty(result.Regions());
        Assert.Empty(result.Media);
        Assert.True(result.Reports(DawProjectReportKind.Ignored, "\"Off\"", "disabled"));
    }

    [Fact]
    public async Task Alias_clips_play_what_they_refer_to()
    {
        var result = await BuildAsync("""<Clip time="0" duration="1"><Clips id="shared"><Clip time="0" duration="9">{0}</Clip></Clips></Clip><Clip time="4" duration="2" reference="shared"/>""");
        Check(result.Regions()[1], 96_000, 144_000, 0, 1);
        Assert.Equal(1, _folder.Store.Imports);
    }

    [Fact]
    public async Task Lanes_in_seconds_inside_beats_count_in_seconds()
    {
        var result = await _folder.BuildLanesAsync(Xml.Clips($"""<Clip time="1.5" duration="2">{Xml.Audio}</Clip>""", "timeUnit=\"seconds\""));
        Check(result.Regions().Single(), 72_000, 168_000, 0, 1);
    }

    [Fact]
    public async Task What_lies_before_the_project_is_cut()
    {
        Check(await OneAsync("""<Clip time="-2" duration="4">{0}</Clip>"""), 0, 48_000, 48_000, 1);
    }

    [Theory]
    [InlineData("""<Clip time="0" duration="1e12" name="Endless">{0}</Clip>""", "beyond any length")]
    [InlineData("""<Clip time="1e300" duration="1" name="Endless">{0}</Clip>""", "beyond any length")]
    [InlineData("""<Clip time="1.7e308" duration="1.7e308" name="Endless">{0}</Clip>""", "beyond any length")]
    [InlineData("""<Clip time="0" duration="1" playStart="1e300" contentTimeUnit="seconds" name="Endless">{0}</Clip>""", "beyond any length")]
    [InlineData("""<Clip time="0" duration="1000" loopStart="0" loopEnd="1e-9" name="Endless">{0}</Clip>""", "loops more often")]
    [InlineData("""<Clip time="0" duration="1" name="Endless"><Clips id="x"><Clip time="0" duration="1" reference="x"/></Clips></Clip>""", "refers to itself")]
    [InlineData("""<Clip time="0" name="Endless"><Clips id="x"><Clip time="0" reference="x"/></Clips></Clip>""", "refers to itself")]
    [InlineData("""<Clip time="0" duration="-1" name="Endless">{0}</Clip>""", "negative duration")]
    [InlineData("""<Clip time="0" duration="8" name="Endless"><Warps contentTimeUnit="seconds">{0}<Warp time="4" contentTime="0"/><Warp time="4" contentTime="1"/></Warps></Clip>""", "does not lie after")]
    [InlineData("""<Clip time="0" duration="8" name="Endless"><Warps contentTimeUnit="seconds">{0}<Warp time="0" contentTime="0"/><Warp time="1" contentTime="1000"/></Warps></Clip>""", "too fast")]
    [InlineData("""<Clip time="0" duration="8" name="Endless"><Warps contentTimeUnit="seconds"><Warp time="0" contentTime="0"/><Warp time="1" contentTime="1"/></Warps></Clip>""", "nothing in it")]
    public async Task Impossible_clips_are_refused_by_name(string clip, string problem)
    {
        var exception = await Assert.ThrowsAsync<DawProjectException>(() => BuildAsync(clip));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Contains("test.dawproject", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_that_multiply_are_refused()
    {
        // Twelve levels of eight references each: 8¹² clips from a kilobyte.
        var clips = $"""<Clip time="0" duration="1"><Clips id="x0"><Clip time="0" duration="1">{Xml.Audio}</Clip></Clips></Clip>""";
        for (var level = 1; level <= 12; level++)
        {
            var inner = string.Concat(Enumerable.Repeat($"""<Clip time="0" duration="1" reference="x{level - 1}"/>""", 8));
            clips += $"""<Clip time="0" duration="1"><Clips id="x{level}">{inner}</Clips></Clip>""";
        }

        var exception = await Assert.ThrowsAsync<DawProjectException>(() => _folder.BuildLanesAsync(Xml.Clips(clips)));
        Assert.Equal(DawProjectError.TooLarge, exception.Error);
    }

    private static void Check(ClipRegion region, long start, long end, double source, double step) =>
        Assert.Equal((start, end, source, step), (region.StartFrame, region.EndFrame, region.SourceStartFrame, region.SourceStep));

    private Task<DawProjectGraphResult> BuildAsync(string clip) => _folder.BuildLanesAsync(Xml.Clips(clip.Replace("{0}", Xml.Audio, StringComparison.Ordinal)));

    private async Task<ClipRegion[]> ManyAsync(string clip) => (await BuildAsync(clip)).Regions();

    private async Task<ClipRegion> OneAsync(string clip) => Assert.Single(await ManyAsync(clip));
}
