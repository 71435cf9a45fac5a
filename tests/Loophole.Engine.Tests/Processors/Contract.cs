using System.Runtime.InteropServices;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Processors;

/// <summary>What every processor promises, as checks that say what was broken, or null.</summary>
internal static class Contract
{
    public static string? BlockInvariance(Scene scene, Func<IProcessor> create)
    {
        var expected = Whole(scene, create);
        var random = new Random(scene.Seed + 1);
        Func<int>[] divisions = [() => 1, () => 64, () => random.Next(0, 40), () => random.Next(0, Scene.MaxBlockFrames + 1)];
        for (var division = 0; division < divisions.Length; division++)
        {
            using var processor = create();
            var audio = scene.CopyAudio();
            scene.Run(processor, audio, 0, Scene.Frames, divisions[division]);
            if (Difference(expected, audio) is { } difference)
            {
                return $"division {division} differs: {difference}";
            }
        }

        return null;
    }

    public static string? Checkpoint(Scene scene, Func<IProcessor> create)
    {
        var expected = Whole(scene, create);
        var random = new Random(scene.Seed + 2);
        for (var trial = 0; trial < 4; trial++)
        {
            var at = random.Next(0, Scene.Frames + 1);
            using var first = create();
            using var second = create();
            var audio = scene.CopyAudio();
            scene.Run(first, audio, 0, at, () => random.Next(1, Scene.MaxBlockFrames + 1));
            scene.Run(second, scene.CopyAudio(), 0, random.Next(0, Scene.Frames), () => Scene.MaxBlockFrames);
            var state = Rig.Save(first);
            second.Restore(state);
            if (!Rig.Save(second).AsSpan().SequenceEqual(state))
            {
                return $"a restored state at {at} saves other bytes";
            }

            scene.Run(second, audio, at, Scene.Frames, () => random.Next(1, Scene.MaxBlockFrames + 1));
            if (Difference(expected, audio) is { } difference)
            {
                return $"restored at {at}: {difference}";
            }
        }

        return null;
    }

    public static string? Reset(Scene scene, Func<IProcessor> create)
    {
        using var processor = create();
        using var fresh = create();
        var expected = Rig.Save(fresh);
        scene.Run(processor, scene.CopyAudio(), 0, Scene.Frames, () => Scene.MaxBlockFrames);
        processor.Reset();
        if (!Rig.Save(processor).AsSpan().SequenceEqual(expected))
        {
            return "the state after a reset is not that after creation";
        }

        var audio = scene.CopyAudio();
        scene.Run(processor, audio, 0, Scene.Frames, () => Scene.MaxBlockFrames);
        return Difference(Whole(scene, create), audio);
    }

    /// <summary>Once input is finite again, so is output, at once.</summary>
    public static string? Sanity(Scene scene, Func<IProcessor> create)
    {
        using var processor = create();
        var random = new Random(scene.Seed + 3);
        var audio = scene.CopyAudio();
        var (start, end) = (random.Next(0, 500), random.Next(501, 800));
        foreach (var channel in audio)
        {
            for (var i = start; i < end; i++)
            {
                channel[i] = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity };
            }

            // The clean rest is of ordinary size, so that no gain takes it beyond the range of a float.
            Rig.Noise(random, Scene.Frames - end, 1).CopyTo(channel, end);
        }

        scene.Run(processor, audio, 0, Scene.Frames, () => Scene.MaxBlockFrames);
        foreach (var channel in audio)
        {
            var bad = Array.FindIndex(channel, end, sample => !float.IsFinite(sample));
            if (bad >= 0)
            {
                return $"frame {bad} is {channel[bad]}, and input was finite from {end}";
            }
        }

        return null;
    }

    public static string? Difference(float[][] expected, float[][] actual)
    {
        for (var channel = 0; channel < expected.Length; channel++)
        {
            var same = MemoryMarshal.Cast<float, uint>(expected[channel]).CommonPrefixLength(MemoryMarshal.Cast<float, uint>(actual[channel]));
            if (same < expected[channel].Length)
            {
                return $"audio channel {channel}, frame {same}: {expected[channel][same]:R} and {actual[channel][same]:R}";
            }
        }

        return null;
    }

    private static float[][] Whole(Scene scene, Func<IProcessor> create)
    {
        using var processor = create();
        var audio = scene.CopyAudio();
        scene.Run(processor, audio, 0, Scene.Frames, () => Scene.MaxBlockFrames);
        return audio;
    }
}
