using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Media;

public sealed class LaneStreamProcessorTests
{
    private readonly MemoryMedia _media = new();

    public static TheoryData<string, Func<ClipRegion, ClipRegion>> BadRegions => new()
    {
        { "ends before", r => r with { EndFrame = r.StartFrame } },
        { "2^53", r => r with { EndFrame = long.MaxValue } },
        { "2^53", r => r with { StartFrame = long.MinValue } },
        { "position", r => r with { SourceStartFrame = double.NaN } },
        { "position", r => r with { SourceStartFrame = 1e17 } },
        { "step", r => r with { SourceStep = 0 } },
        { "step", r => r with { SourceStep = double.NaN } },
        { "step", r => r with { SourceStep = 64.1 } },
        { "gain", r => r with { Gain = double.PositiveInfinity } },
        { "gain", r => r with { Gain = 1e300 } },
        { "fade", r => r with { FadeInFrames = -1 } },
        { "fade", r => r with { FadeOutFrames = long.MaxValue } },
        { "fade", r => r with { FadeOutEndFrame = long.MaxValue } },
    };

    [Fact]
    public void A_whole_position_at_step_1_passes_samples_unchanged()
    {
        var source = Noise(1, 30_000);
        using var scene = Scene(1, Region(source) with { StartFrame = 1000, EndFrame = 21_000, SourceStartFrame = 5000 });
        var played = scene.Play(0, 30_000, 512)[0];
        Assert.All(played[..1000], s => Assert.Equal(0f, s));
        Assert.Equal(Bits(source.AsSpan(5000, 20_000)), Bits(played.AsSpan(1000, 20_000)));
        Assert.All(played[21_000..], s => Assert.Equal(0f, s));
    }

    [Fact]
    public void It_adds_to_what_is_there_and_adds_nothing_while_project_time_stands()
    {
        var source = Noise(2, 1000);
        using var scene = Scene(2, Region(source) with { Gain = -0.5 });
        float[] samples = [.. Enumerable.Repeat(0.25f, 200)];
        scene.Process(10, new AudioBuffer(samples, 2, 100, 100), isPlaying: false);
        Assert.All(samples, s => Assert.Equal(0.25f, s));
        scene.Process(10, new AudioBuffer(samples, 2, 100, 100));
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(0.25f + (source[10 + (i % 100)] * -0.5f), samples[i]));
    }

    [Fact]
    public void Outside_the_asset_there_is_silence()
    {
        var source = Noise(3, 100);
        using var copy = Scene(1, Region(source) with { EndFrame = 1000, SourceStartFrame = -50 });
        var played = copy.Play(0, 1000, 64)[0];
        Assert.All(played[..50], s => Assert.Equal(0f, s));
        Assert.Equal(source, played[50..150]);
        Assert.All(played[150..], s => Assert.Equal(0f, s));
        using var endless = Scene(1, Region(source) with { StartFrame = -(1L << 53), EndFrame = 1L << 53, SourceStartFrame = -(1L << 53), SourceStep = 1 });
        Assert.Equal(source, endless.Play(0, 100)[0]);
    }

    [Fact]
    public void Fades_are_straight_lines_over_project_frames()
    {
        var ones = Enumerable.Repeat(1f, 1000).ToArray();
        using var scene = Scene(1, Region(ones) with { StartFrame = 100, EndFrame = 1000, Gain = 0.5, FadeInStartFrame = 100, FadeInFrames = 200, FadeOutEndFrame = 1000, FadeOutFrames = 400 });
        var played = scene.Play(0, 1000, 37)[0];
        Assert.All(Enumerable.Range(100, 900), f => Assert.Equal((float)(0.5 * Math.Clamp((f - 100) / 200.0, 0, 1) * Math.Clamp((1000 - f) / 400.0, 0, 1)), played[f]));
    }

    [Fact]
    public void A_second_region_of_a_looped_clip_carries_on_in_the_clips_fade()
    {
        var ones = Enumerable.Repeat(1f, 1000).ToArray();
        using var scene = Scene(1, Region(ones) with { StartFrame = 50, EndFrame = 300, FadeInStartFrame = 0, FadeInFrames = 100 });
        var played = scene.Play(0, 300)[0];
        Assert.Equal([0f, 0.5f, 0.51f, 1f, 1f], [played[49], played[50], played[51], played[100], played[299]]);
    }

    [Fact]
    public void Channels_are_matched_mono_everywhere_average_into_mono_and_surplus_dropped()
    {
        float[] a = [1f, 0.5f], b = [0.5f, -1f], c = [0.25f, 0.125f];
        var mono = _media.Add(WavBytes.Float(48000, a));
        var stereo = _media.Add(WavBytes.Float(48000, a, b));
        var three = _media.Add(WavBytes.Float(48000, a, b, c));
        Assert.Equal([a, a, a], Play(3, mono));
        Assert.Equal([a, b, [0f, 0f]], Play(3, stereo));
        Assert.Equal([a, b], Play(2, three));
        Assert.Equal([[(1f + 0.5f + 0.25f) / 3, (0.5f - 1f + 0.125f) / 3]], Play(1, three));

        float[][] Play(int audioChannels, MediaId id)
        {
            using var scene = new LaneScene(_media, audioChannels, new ClipRegion { StartFrame = 0, EndFrame = 2, Media = id, SourceStartFrame = 0, SourceStep = 1 });
            return scene.Play(0, 2);
        }
    }

    [Fact]
    public void Overlapping_regions_are_added_in_the_order_given()
    {
        ClipRegion[] regions = [.. Enumerable.Range(0, 40).Select(i => Region(Noise(i, 2000)) with { StartFrame = (37 * i) % 500, EndFrame = 1500, Gain = 1 + (i * 0.1) })];
        using var scene = new LaneScene(_media, 1, regions);
        var expected = new float[2000];
        for (var region = 0; region < regions.Length; region++)
        {
            var source = Noise(region, 2000);
            for (var frame = regions[region].StartFrame; frame < 1500; frame++)
            {
                expected[frame] += source[frame - regions[region].StartFrame] * (float)regions[region].Gain;
            }
        }

        Assert.Equal(Bits(expected), Bits(scene.Play(0, 2000, 100)[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Output_does_not_depend_on_block_division_or_on_what_was_played_before(int seed)
    {
        const int Frames = 60_000;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var audioChannels = random.Next(1, 4);
        var assets = Enumerable.Range(0, 3).Select(i => _media.Add(WavBytes.Float(44100, [.. Enumerable.Range(0, random.Next(1, 5)).Select(c => Noise((10 * i) + c, 40_000))]))).ToArray();
        ClipRegion[] regions = [.. Enumerable.Range(0, 30).Select(_ => RandomRegion())];
        using var whole = new LaneScene(_media, audioChannels, regions);
        var expected = whole.Play(0, Frames, 4096);
        using var divided = new LaneScene(_media, audioChannels, regions);
        Assert.All(divided.Play(0, Frames, [.. Enumerable.Range(0, 50).Select(_ => random.Next(1, random.Next(2, 4097)))]).Index(), c => Assert.Equal(Bits(expected[c.Index]), Bits(c.Item)));
        for (var jump = 0; jump < 200; jump++)
        {
            var start = random.Next(Frames - 300);
            var count = random.Next(1, 300);
            Assert.All(divided.Play(start, count, random.Next(1, 300)).Index(), c => Assert.Equal(Bits(expected[c.Index].AsSpan(start, count)), Bits(c.Item)));
        }

        ClipRegion RandomRegion()
        {
            var start = random.Next(-1000, Frames);
            var end = start + random.Next(1, 30_000);
            return new ClipRegion
            {
                StartFrame = start,
                EndFrame = end,
                Media = assets[random.Next(assets.Length)],
                SourceStartFrame = random.Next(2) == 0 ? random.Next(-500, 40_000) : (random.NextDouble() * 40_000) - 500,
                SourceStep = random.Next(5) switch { 0 => 1, 1 => 44100.0 / 48000, 2 => 2, 3 => random.NextDouble() * 3, _ => random.NextDouble() * 64 },
                Gain = random.NextDouble() * 2,
                FadeInStartFrame = start,
                FadeInFrames = random.Next(2) * random.Next(5000),
                FadeOutEndFrame = end,
                FadeOutFrames = random.Next(2) * random.Next(5000),
            };
        }
    }

    [Fact]
    public void The_same_bits_come_out_on_every_machine()
    {
        // Recorded once; it must stay on other processors too.
        float[] steps = [1f, 44100f / 48000, 0.5f, 1.0594631f, 2f, 7.3f, 64f];
        ClipRegion[] regions = [.. steps.Select(s => Region(Noise(5, 40_000), Noise(6, 40_000), Noise(7, 40_000)) with { EndFrame = 20_000, SourceStep = s, SourceStartFrame = 0.25, FadeInFrames = 5000, Gain = 0.7 })];
        using var scene = new LaneScene(_media, 3, regions);
        var bytes = scene.Play(0, 20_000, 480).SelectMany(c => MemoryMarshal.AsBytes(c.AsSpan()).ToArray()).ToArray();
        Assert.Equal("224e89579492ab2eb5fa90a775aa851a247a4fb5a28af4977b2cf50e840415bf", Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void A_channel_sounds_the_same_alone_as_beside_another()
    {
        var alone = Region(Noise(5, 5000)) with { SourceStep = 0.9 };
        using var mono = Scene(1, alone);
        using var stereo = Scene(2, Region(Noise(5, 5000), Noise(6, 5000)) with { SourceStep = 0.9 });
        Assert.Equal(Bits(mono.Play(0, 5000)[0]), Bits(stereo.Play(0, 5000)[0]));
    }

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    [InlineData("DOTNET_EnableAVX")]
    [InlineData("DOTNET_EnableAVX512")]
    public async Task The_same_bits_come_out_with_narrower_vectors(string switchedOff)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Loophole.Engine.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "")))
        {
            ArgumentList = { "-method", $"*.{nameof(The_same_bits_come_out_on_every_machine)}", "-noColor" },
            Environment = { [switchedOff] = "0" },
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Steady_play_of_many_regions_allocates_nothing()
    {
        ClipRegion[] clips = [.. Enumerable.Range(0, 10).Select(i => Region(Noise(i, 20_000), Noise(i + 50, 20_000)))];
        ClipRegion[] regions = [.. Enumerable.Range(0, 3000).Select(i => clips[i % 10] with { StartFrame = i * 100, EndFrame = (i * 100) + 350, SourceStep = 0.5 + (i % 8 * 0.25), FadeInFrames = 50, FadeInStartFrame = i * 100 })];
        using var scene = new LaneScene(_media, 2, regions);
        var samples = new float[2 * 512];
        long allocated = -1;
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var frame = 0; frame < 300_000; frame += 512)
            {
                scene.Process(frame, new AudioBuffer(samples, 2, 512, 512));
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void No_more_than_32_files_are_open_at_a_time_and_all_are_closed_in_the_end()
    {
        ClipRegion[] regions = [.. Enumerable.Range(0, 100).Select(i => Region(Noise(i, 300)) with { StartFrame = i * 100, EndFrame = (i * 100) + 300 })];
        using (var scene = new LaneScene(_media, 1, regions))
        {
            Assert.Equal(scene.Play(0, 10_200, 64)[0][9950], Noise(97, 300)[250] + Noise(98, 300)[150] + Noise(99, 300)[50]);
            Assert.InRange(_media.MostOpen, 32, 33);
        }

        Assert.Equal(0, _media.OpenCount);
    }

    [Fact]
    public void Missing_and_broken_media_is_refused_naming_clip_and_media()
    {
        var missing = MediaId.FromDigest(Enumerable.Repeat((byte)0x77, 32).ToArray());
        var refused = Assert.Throws<MediaException>(() => LaneScene.Create(_media, 2, Region(Noise(1, 10)), new ClipRegion { ClipName = "Kick", Media = missing, StartFrame = 0, EndFrame = 1, SourceStartFrame = 0, SourceStep = 1 }));
        Assert.Equal(MediaError.NotFound, refused.Error);
        Assert.Contains("Kick", refused.Message, StringComparison.Ordinal);
        Assert.Contains(missing.Hex, refused.Message, StringComparison.Ordinal);
        var text = _media.Add("This is not a WAV file."u8.ToArray());
        Assert.Equal(MediaError.Unsupported, Assert.Throws<MediaException>(() => LaneScene.Create(_media, 2, Region(Noise(1, 10)) with { Media = text })).Error);
        Assert.Equal(0, _media.OpenCount);
    }

    [Theory, MemberData(nameof(BadRegions))]
    public void Bad_numbers_are_refused_naming_node_and_clip(string complaint, Func<ClipRegion, ClipRegion> spoil)
    {
        var refused = Assert.Throws<RenderException>(() => LaneScene.Create(_media, 2, spoil(Region(Noise(1, 10)))));
        Assert.Equal(RenderError.BadParameter, refused.Error);
        Assert.Contains("node:1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"Clip\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains(complaint, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_short_while_it_plays_is_reported_and_not_played_as_garbage()
    {
        var region = Region(Noise(1, 100_000), Noise(2, 100_000));
        using var scene = Scene(2, region);
        scene.Play(0, 100);
        _media.Truncate(region.Media, 400_000);

        // Fails after a part of the window was decoded: nothing of it may be taken for what stood there before.
        Assert.Equal(MediaError.Corrupt, Assert.Throws<MediaException>(() => scene.Play(45_000, 100)).Error);
        Assert.Equal(Noise(1, 100), scene.Play(0, 100)[0]);
    }

    [Theory]
    [InlineData(-1e-20, 1)]
    [InlineData(0.99999999999999989, 0.5)]
    public void A_position_just_below_a_whole_number_is_played(double start, float expected)
    {
        using var scene = Scene(1, Region([1f, 0.5f, 0.25f]) with { EndFrame = 400, SourceStartFrame = start, SourceStep = 0.9 });
        Assert.Equal(expected, scene.Play(0, 10)[0][0], 1e-6);
    }

    [Fact]
    public void The_kernel_rings_40_frames_before_and_after_the_asset_and_no_further()
    {
        using var scene = Scene(1, Region([1f]) with { EndFrame = 200, SourceStartFrame = -99.5 });
        var played = scene.Play(0, 200, 16)[0];
        Assert.All(played[..60], s => Assert.Equal(0f, s));
        Assert.All(played[60..140], s => Assert.NotEqual(0f, s));
        Assert.All(played[140..], s => Assert.Equal(0f, s));
        Assert.Equal(played[..100], played[100..].Reverse());
    }

    [Fact]
    public void There_is_no_state_to_carry()
    {
        using var scene = Scene(1, Region(Noise(1, 10)));
        var state = new ArrayBufferWriter<byte>();
        scene.Processor.Save(state);
        scene.Processor.Restore(state.WrittenSpan);
        Assert.Equal(RenderError.BadCheckpoint, Assert.Throws<RenderException>(() => scene.Processor.Restore([2])).Error);
        Assert.Equal(RenderError.BadCheckpoint, Assert.Throws<RenderException>(() => scene.Processor.Restore([])).Error);
    }

    [Fact]
    public void A_node_without_audio_plays_nothing()
    {
        using var scene = new LaneScene(_media, 2);
        Assert.All(scene.Play(long.MaxValue - 100, 1000), c => Assert.All(c, s => Assert.Equal(0f, s)));
    }

    private static uint[] Bits(ReadOnlySpan<float> samples) => MemoryMarshal.Cast<float, uint>(samples).ToArray();

    /// <summary>Seeded noise without zeros, −0.9 to 0.9.</summary>
    private static float[] Noise(int seed, int frames)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, frames).Select(_ => ((random.Next(1_000_000) + 1) / 1_000_001f * 1.8f) - 0.9f)];
    }

    private LaneScene Scene(int audioChannels, params ClipRegion[] regions) => new(_media, audioChannels, regions);

    private ClipRegion Region(params float[][] channels) => new()
    {
        ClipName = "Clip",
        StartFrame = 0,
        EndFrame = channels[0].Length,
        Media = _media.Add(WavBytes.Float(44100, channels)),
        SourceStartFrame = 0,
        SourceStep = 1,
    };
}
