using System.Buffers;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Mixing;

namespace Loophole.Engine.Tests.Processors;

/// <summary>A meter's windows are what anybody computes who has all the samples.</summary>
public sealed class MeterTests
{
    private const int Frames = 7_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Windows_are_computed_straightforwardly_whatever_the_blocks_the_checkpoints_and_the_locates(int seed)
    {
        var random = new Random(seed);
        var context = Rig.Context(random.Next(3) switch { 0 => 8_000, 1 => 44_100, _ => 48_000 }, random.Next(1, 4), random.Next(1, 600));
        var audio = Enumerable.Range(0, context.AudioChannels).Select(_ => Noise(random)).ToArray();
        var firstFrame = random.Next(-4_000, 4_000);
        var resets = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(1, Frames)).Order().Distinct().ToArray();
        var meter = new MeterProcessor(context);
        List<Window> measured = [];
        for (var start = 0; start < Frames;)
        {
            if (resets.Contains(start))
            {
                meter.Reset();
            }

            if (random.Next(10) == 0)
            {
                var state = Rig.Save(meter);
                meter = new MeterProcessor(context);
                meter.Restore(state);
            }

            var frames = Math.Min(random.Next(0, context.MaxBlockFrames + 1), resets.Append(Frames).First(reset => reset > start) - start);
            Rig.Call(meter, audio, start, frames, firstFrame + start, []);
            measured.AddRange(Take(meter));
            start += frames;
        }

        var expected = Straightforward(audio, firstFrame, resets, context.SampleRate / 30);
        Assert.True(expected.Count > 3);
        Assert.Equal(expected.Select(window => window.StartFrame), measured.Select(window => window.StartFrame));
        Assert.All(expected.Zip(measured), pair => Assert.Equal(pair.First.Readings, pair.Second.Readings));
    }

    [Fact]
    public void Audio_passes_bit_for_bit()
    {
        float[] audio = [-0f, 1e-40f, float.NaN, float.PositiveInfinity, -3];
        Assert.Equal(audio.Select(BitConverter.SingleToUInt32Bits), Rig.Run(Rig.Node("meter"), [audio.ToArray()])[0].Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void The_loudest_there_is_is_finite()
    {
        var meter = new MeterProcessor(Rig.Context(8_000, 1));
        Rig.Run(meter, [[.. Enumerable.Repeat(float.MinValue, 266)]], 0, []);
        Assert.Equal([new MeterReading(float.MaxValue, float.MaxValue)], Assert.Single(Take(meter)).Readings);
    }

    [Fact]
    public void What_nobody_takes_is_forgotten_and_a_whole_block_is_kept()
    {
        // A window has 1600 frames: of a block of 4000 two or three end in it.
        var meter = new MeterProcessor(Rig.Context(audioChannels: 1, maxBlockFrames: 4_000));
        for (var block = 0; block < 50; block++)
        {
            Rig.Call(meter, [new float[4_000]], 0, 4_000, 4_000 * block, []);
        }

        Assert.Equal([195_200, 196_800, 198_400], Take(meter).Select(window => window.StartFrame));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_state_that_no_window_has_is_refused(int value)
    {
        var meter = new MeterProcessor(Rig.Context(8_000, 1));
        var state = new ArrayBufferWriter<byte>();
        var writer = new Engine.Processors.State.StateWriter(state, MeterProcessor.Kind);
        writer.Write(value == 0 ? 266L : 1L);
        writer.Write([value == 1 ? 1e39 : 1.0]);
        writer.Write([value == 2 ? 1e81 : 1.0]);
        writer.End();
        Assert.Equal(RenderError.BadCheckpoint, Assert.Throws<RenderException>(() => meter.Restore(state.WrittenSpan)).Error);
    }

    private static List<Window> Straightforward(float[][] audio, long firstFrame, int[] resets, int windowFrames)
    {
        List<Window> windows = [];
        for (var start = (firstFrame - windowFrames) / windowFrames * windowFrames; start + windowFrames <= firstFrame + Frames; start += windowFrames)
        {
            var end = (int)(start + windowFrames - firstFrame);
            var begin = resets.Append(0).Append((int)(start - firstFrame)).Where(frame => frame < end).Max();
            if (end > 0)
            {
                windows.Add(new Window(start, [.. audio.Select(channel => Reading(channel[begin..end]))]));
            }
        }

        return windows;
    }

    private static MeterReading Reading(float[] samples)
    {
        double[] finite = [.. samples.Select(sample => float.IsFinite(sample) ? sample : 0.0)];
        var sum = 0.0;
        foreach (var sample in finite)
        {
            sum += sample * sample;
        }

        return new MeterReading((float)finite.Max(Math.Abs), (float)Math.Sqrt(sum / finite.Length));
    }

    private static List<Window> Take(MeterProcessor meter)
    {
        List<Window> windows = [];
        var readings = new MeterReading[meter.AudioChannels];
        while (meter.TryTake(readings, out var startFrame))
        {
            windows.Add(new Window(startFrame, [.. readings]));
        }

        return windows;
    }

    private static float[] Noise(Random random)
    {
        var audio = Rig.Noise(random, Frames, 2);
        for (var odd = 0; odd < 50; odd++)
        {
            audio[random.Next(Frames)] = (odd % 3) switch { 0 => float.NaN, 1 => float.NegativeInfinity, _ => -0f };
        }

        return audio;
    }

    private sealed record Window(long StartFrame, MeterReading[] Readings);
}
