using Loophole.Cluster.Graph;
using Loophole.Cluster.Timeline;
using Loophole.DawProject.Tests.Support;

namespace Loophole.DawProject.Tests.Shapes;

public sealed class ShapeTests : IDisposable
{
    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bitwig_warps_and_loops_become_regions_at_hand_computed_frames()
    {
        var result = await BuildBitwigAsync();

        // 120 bpm: a beat is 24,000 frames. The clip runs from beat 2 to 14, from content beat 1, looping 0–8: pass 1 is beats 2–9, pass 2 beats 9–14.
        // The warps play content beats 0–4 as seconds 0–1 (2 s of project: speed 0.5) and 4–8 as seconds 1–3 (speed 1, so plain).
        var regions = result.Regions("ch:id10");
        Assert.Equal(4, regions.Length);
        Check(regions[0], 48_000, 120_000, 12_000, 0.5); // content beats 1–4: project beats 2–5, source from 0.25 s
        Check(regions[1], 120_000, 216_000, 48_000, 1); // content beats 4–8: project beats 5–9, source from 1 s
        Check(regions[2], 216_000, 312_000, 0, 0.5); // content beats 0–4: project beats 9–13
        Check(regions[3], 312_000, 336_000, 48_000, 1); // content beats 4–5: project beats 13–14
        Assert.Equal((48_000, 12_000), (regions[0].FadeInStartFrame, regions[0].FadeInFrames));
        Assert.Equal((336_000, 24_000), (regions[3].FadeOutEndFrame, regions[3].FadeOutFrames));
        Assert.Equal([0, 0], regions[..2].Select(region => region.FadeOutFrames));
        Assert.Equal(336_000, result.Graph.LengthFrames);
        Assert.Single(result.Reports, report => report.Message.Contains("time-stretch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bitwig_channels_keep_order_routes_and_settings()
    {
        var result = await BuildBitwigAsync();
        Assert.Equal(["ch:gc", "ch:id10", "ch:id3", "ch:fxc", "ch:id15"], result.Graph.Channels.Select(channel => channel.Id));
        Assert.Equal(["ch:id15", "ch:gc", "ch:id15", "ch:id15", null], result.Graph.Channels.Select(channel => channel.OutputChannelId));
        Assert.Equal([ChannelRole.Submix, ChannelRole.Regular, ChannelRole.Regular, ChannelRole.Effect, ChannelRole.Master], result.Graph.Channels.Select(channel => channel.Role));
        Assert.Equal("ch:id15", result.Graph.OutputChannelId);
        Assert.Equal(
            ["node:id10:clips", "node:id10:fader", "node:id10:pan", "node:id10:send:1", "node:id10:meter"],
            result.Channel("ch:id10").Nodes.Select(node => node.Id));
        Assert.Equal(0.65914, result.Setting("node:id10:fader", "volume")!.Value);
        Assert.Equal(0.5, result.Setting("node:id10:pan", "position")!.Value);
        var send = Assert.IsType<SendNode>(result.Node("node:id10:send:1"));
        Assert.Equal("ch:fxc", send.TargetChannelId);
        Assert.Equal(0.25, send.Parameters.Single().Value);
    }

    [Fact]
    public async Task Bitwig_plugins_become_missing_variants_with_state_and_automation()
    {
        var result = await BuildBitwigAsync();
        var variant = Assert.IsType<StackNode>(result.Node("node:id3:device:1")).Variants.Single();
        Assert.True(variant.IsMissing);
        Assert.Equal(("clap", "org.example.synth", "Synth"), (variant.Format, variant.PluginId, variant.Name));
        Assert.Equal(new byte[] { 1, 2, 3 }, variant.State.ToArray());
        Assert.Equal(["17", "enabled"], variant.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([new AutomationPoint(0, 0.25, true), new AutomationPoint(48_000, 1, false)], variant.Parameters[0].Automation.AsEnumerable());
        Assert.Equal(["Synth (clap org.example.synth)"], result.MissingPlugins.AsEnumerable());
    }

    [Fact]
    public async Task Bitwig_notes_are_unrolled_and_cut_at_the_loop()
    {
        var result = await BuildBitwigAsync();
        var notes = result.Channel("ch:id3").Nodes.OfType<LaneStreamNode>().Single().Notes;

        // Clip at beats 4–12, loop of 4: notes at 4 (1 beat), 7.5 (cut at 8), 8, 11.5 (cut at 12).
        Assert.Equal([(96_000, 120_000), (180_000, 192_000), (192_000, 216_000), (276_000, 288_000)], notes.Select(note => (note.StartFrame, note.EndFrame)));
        Assert.Equal([65, 53, 65, 53], notes.Select(note => note.Key));
        Assert.True(result.Reports(DawProjectReportKind.Ignored, "Track", "no instrument here that plays its notes"));
    }

    [Fact]
    public async Task Studio_One_clips_play_from_inside_and_outside_the_archive()
    {
        var result = await BuildStudioOneAsync();
        var regions = result.Regions("ch:C1");
        Assert.Equal(2, regions.Length);

        // 1.5 s = frame 72,000; the file has 44,100 Hz, so 0.25 s into it is frame 11,025, and a project frame is 0.91875 of its frames.
        Check(regions[0], 72_000, 168_000, 11_025, 44_100 / 48_000.0);
        Assert.Equal((72_000, 480, 168_000, 4_800), (regions[0].FadeInStartFrame, regions[0].FadeInFrames, regions[0].FadeOutEndFrame, regions[0].FadeOutFrames));
        Check(regions[1], 168_000, 216_000, 0, 1);
        Assert.Equal(2, result.Media.Length);

        // Keys: beats at 100 bpm, beat 3 = 1.8 s = frame 86,400, 1.5 beats = 0.9 s.
        var note = result.Channel("ch:C2").Nodes.OfType<LaneStreamNode>().Single().Notes.Single();
        Assert.Equal((86_400, 129_600), (note.StartFrame, note.EndFrame));
    }

    [Fact]
    public async Task Studio_One_decibels_and_pre_fader_sends_are_understood()
    {
        var result = await BuildStudioOneAsync();
        Assert.Equal(["ch:C1", "ch:C2", "ch:Bus1", "ch:FX1", "ch:Main"], result.Graph.Channels.Select(channel => channel.Id));
        Assert.Equal(1, result.Channel("ch:C1").AudioChannels);
        Assert.Equal(
            ["node:C1:clips", "node:C1:send:1", "node:C1:fader", "node:C1:pan", "node:C1:meter"],
            result.Channel("ch:C1").Nodes.Select(node => node.Id));
        var volume = result.Setting("node:C1:fader", "volume")!;
        Assert.Equal(0.50118723362727228, volume.Value, 12);
        Assert.Equal([new AutomationPoint(0, 0, false), new AutomationPoint(48_000, 1, false)], volume.Automation.AsEnumerable());
        Assert.Equal(0.50118723362727228, result.Setting("node:C1:send:1", "level")!.Value, 12);
        Assert.Equal(-0.5, result.Setting("node:C1:pan", "position")!.Value);
        Assert.Equal(["Keyscape (vst3 56535443-6E31-4B34-8B65-797363617065)"], result.MissingPlugins.AsEnumerable());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cubase_events_and_tempo_in_seconds_are_understood(bool hasTarget)
    {
        var xml = hasTarget ? CubaseShape.Project : CubaseShape.Project.Replace("""<Target parameter="ID1"/>""", "", StringComparison.Ordinal);
        var result = await _folder.BuildXmlAsync(xml, ("audio/riff.wav", Wav.Make(48_000, 2, 8)));
        Check(result.Regions("ch:ID21").Single(), 48_000, 192_000, 24_000, 1);
        Assert.Equal("Riff", result.Regions("ch:ID21").Single().ClipName);

        // 120 falling to 60 over 4 s: mean 90, so 6 beats.
        Assert.Equal([new TempoMapPoint(0, 120, TempoMapCurve.LinearInTime), new TempoMapPoint(6, 60)], result.Tempo.Points.AsEnumerable());
        Assert.Equal(4.0, result.Tempo.SecondsAt(6), 12);
        Assert.Equal(new TimeSignaturePosition(3, 1), result.TimeSignatures.At(8));
        Assert.Equal(-0.5, result.Setting("node:ID21:pan", "position")!.Value);

        var equalizer = Assert.IsType<ProcessorNode>(result.Node("node:ID21:device:1"));
        Assert.Equal("equalizer", equalizer.Processor);
        Assert.Equal(0, result.Setting(equalizer.Id, "band1.type")!.Value);
        Assert.Equal(80, result.Setting(equalizer.Id, "band1.frequency")!.Value);
        Assert.Equal(0.7, result.Setting(equalizer.Id, "band1.q")!.Value);
        Assert.Equal(5, result.Setting(equalizer.Id, "band2.type")!.Value);
        Assert.Equal(880, result.Setting(equalizer.Id, "band2.frequency")!.Value, 9); // MIDI key 81 is the A at 880 Hz
        Assert.Equal(-3, result.Setting(equalizer.Id, "band2.gain")!.Value);
        Assert.Equal(0, result.Setting(equalizer.Id, "band2.enabled")!.Value);
        Assert.Equal(1, result.Setting(equalizer.Id, "enabled")!.Value);
    }

    private static void Check(ClipRegion region, long start, long end, double source, double step) =>
        Assert.Equal((start, end, source, step), (region.StartFrame, region.EndFrame, region.SourceStartFrame, region.SourceStep));

    private Task<DawProjectGraphResult> BuildBitwigAsync() =>
        _folder.BuildXmlAsync(BitwigShape.Project, ("audio/Drumfunk 170bpm.wav", Wav.Make(48_000, 2, 3)), ("plugins/synth.clap-preset", [1, 2, 3]));

    private Task<DawProjectGraphResult> BuildStudioOneAsync()
    {
        Directory.CreateDirectory(_folder.Combine("takes"));
        _folder.WriteBytes("takes/other.wav", Wav.Make(48_000, 1, 4, filler: 1));
        return _folder.BuildXmlAsync(StudioOneShape.Project, ("audio/take 1.wav", Wav.Make(44_100, 1, 4)), ("plugins/keyscape.vstpreset", [9]));
    }
}
