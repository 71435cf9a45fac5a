using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Checks;

namespace Loophole.Cluster.TestKit.Rendering;

public static partial class ProcessorSuite
{
    private static void Latency(ProcessorSubject subject, ProcessorScene scene)
    {
        var latency = subject.Factory.LatencyFrames(subject.Node, subject.Context.SampleRate);
        Expect.True(latency >= 0, "a latency of 0 frames or more", $"it is {latency}");
        var (quiet, impulse) = (scene.Silence(latency + scene.MaxBlockFrames), scene.Silence(latency + scene.MaxBlockFrames));
        Array.ForEach(impulse, channel => channel[0] = 0.5f);
        foreach (var audio in new[] { quiet, impulse })
        {
            using var processor = scene.Create();
            scene.RunConstant(processor, audio, 0);
        }

        for (var channel = 0; channel < quiet.Length; channel++)
        {
            var first = quiet[channel].AsSpan().CommonPrefixLength(impulse[channel]);
            Expect.True(first >= latency, $"nothing of the impulse before frame {latency}, the declared latency", $"in channel {channel} it comes at {first}");
            Expect.True(first == latency || !subject.PassesImpulse, $"the impulse at frame {latency}, the declared latency", $"in channel {channel} it comes at {first} or later");
        }
    }

    private static void SilenceIn(ProcessorSubject subject, ProcessorScene scene)
    {
        using var processor = scene.Create();
        var audio = scene.Silence(scene.Frames);
        scene.Run(processor, audio, 0, scene.Frames, () => scene.MaxBlockFrames, withNotes: false);
        RenderBits.ExpectSilence(audio, 0, "of a new instance that hears nothing");
    }

    private static void Tail(ProcessorSubject subject, ProcessorScene scene)
    {
        using var processor = scene.Create();
        var audio = scene.Silence(scene.Frames + subject.TailFrames!.Value + scene.MaxBlockFrames);
        foreach (var channel in audio)
        {
            RenderBits.Noise(scene.Random, channel.AsSpan(0, scene.Frames), 0.5);
        }

        scene.RunConstant(processor, audio, 0);
        RenderBits.ExpectSilence(audio, scene.Frames + subject.TailFrames.Value, $"{subject.TailFrames} frames after the last input");
    }

    private static void NotFinite(ProcessorSubject subject, ProcessorScene scene)
    {
        using var processor = scene.Create();
        var audio = scene.CopyAudio();
        var (start, end) = (scene.Frames / 6, scene.Frames / 4);
        foreach (var channel in audio)
        {
            Spoil(scene.Random, channel.AsSpan(start, end - start));

            // Of ordinary size, so that no gain takes it beyond the range of a float.
            RenderBits.Noise(scene.Random, channel.AsSpan(end), 1);
        }

        scene.Run(processor, audio, 0, scene.Frames, () => scene.MaxBlockFrames);
        RenderBits.ExpectFinite(audio, end, $"from frame {end}, where the input is finite again");
    }

    private static void NotFiniteThenReset(ProcessorSubject subject, ProcessorScene scene)
    {
        using var processor = scene.Create();
        var spoilt = scene.Silence(scene.Frames);
        Array.ForEach(spoilt, channel => Spoil(scene.Random, channel));
        scene.Run(processor, spoilt, 0, scene.Frames, () => scene.MaxBlockFrames);
        processor.Reset();
        var audio = scene.CopyAudio();
        scene.Run(processor, audio, 0, scene.Frames, () => scene.MaxBlockFrames);
        RenderBits.ExpectSame(scene.Whole(), audio, "after a reset");
    }

    private static void Denormals(ProcessorSubject subject, ProcessorScene scene)
    {
        using var processor = scene.Create();
        var audio = scene.Silence(scene.Frames + (10 * subject.Context.SampleRate));
        foreach (var channel in audio)
        {
            RenderBits.Noise(scene.Random, channel.AsSpan(0, scene.Frames), 1e-39);
        }

        scene.RunConstant(processor, audio, 0);
        for (var channel = 0; channel < audio.Length; channel++)
        {
            var last = audio[channel].AsSpan(^subject.Context.SampleRate..);
            foreach (var sample in last)
            {
                Expect.True(!float.IsSubnormal(sample), "no denormal sample ten seconds later", $"in channel {channel} there is {sample:R}");
            }
        }
    }

    private static void Allocation(ProcessorSubject subject, ProcessorScene scene)
    {
        using var processor = scene.Create();
        var channels = subject.Context.AudioChannels;
        var storage = new float[channels * scene.MaxBlockFrames];
        var ramps = scene.Constants();
        var allocated = new long[4];
        for (var block = 0; block < 40; block++)
        {
            RenderBits.Noise(scene.Random, storage, 0.5);
            var before = GC.GetAllocatedBytesForCurrentThread();
            processor.Process(new ProcessorBlock
            {
                Frame = block * scene.MaxBlockFrames,
                ProjectFrame = block * scene.MaxBlockFrames,
                IsPlaying = true,
                Audio = new AudioBuffer(storage, channels, scene.MaxBlockFrames, scene.MaxBlockFrames),
                Parameters = ramps,
            });
            if (block % 10 == 9)
            {
                processor.Reset();
            }

            allocated[block / 10] += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The runtime prepares things once, at first or when it compiles a method anew; what the processor allocates comes again and again.
        Expect.Equal(0, allocated.Min(), "the bytes allocated in the best ten blocks of forty");
    }

    private static void Spoil(Random random, Span<float> samples)
    {
        foreach (ref var sample in samples)
        {
            sample = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity };
        }
    }
}
