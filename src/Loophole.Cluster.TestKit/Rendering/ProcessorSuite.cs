using System.Collections.Immutable;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Checks;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>What a processor promises: cases REND-001 to REND-023. What its traits do not declare is not asked of it, and keeps it on the host.</summary>
public static partial class ProcessorSuite
{
    private const int Trials = 8;

    /// <summary>The cases. [any]</summary>
    public static ImmutableArray<ConformanceCase<ProcessorSubject>> Cases { get; } =
    [
        On("REND-001", "The division into calls changes no bit.", "IProcessor, Purity", Divisions, Needs(ProcessorTraits.BlockInvariant)),
        On("REND-002", "A state restored on another instance goes on with the same bits, wherever it was saved.", "IProcessor.Restore", Checkpoints, Needs(ProcessorTraits.Checkpointable)),
        On("REND-003", "Bytes that are no state are refused as BadCheckpoint and leave the instance reset.", "IProcessor.Restore", BadStates, Needs(ProcessorTraits.Checkpointable)),
        On("REND-004", "Two instances on two threads give the same bits.", "ProcessorTraits.Deterministic", TwoThreads, Needs(ProcessorTraits.Deterministic)),
        On("REND-005", "A reset returns to the state after creation.", "IProcessor.Reset", Resets),
        On("REND-006", "Processing and resetting allocate nothing.", "IProcessor.Process", Allocation),
        On("REND-010", "Nothing comes out before the declared latency, and an impulse comes out at it.", "IProcessorFactory.LatencyFrames", Latency),
        On("REND-011", "Silence in is exact silence out.", "ProcessorSubject.IsSource", SilenceIn, s => s.IsSource ? "a source sounds without input" : null),
        On("REND-012", "After the declared tail the output is exact silence.", "ProcessorSubject.TailFrames", Tail, s => s.TailFrames is null ? "no tail is declared" : null),
        On("REND-013", "Once input is finite again, so is output.", "IProcessor, Robustness", NotFinite),
        On("REND-014", "What was not finite leaves nothing behind after a reset.", "IProcessor, Robustness", NotFiniteThenReset),
        On("REND-015", "Denormal input leaves no denormal output behind.", "IProcessor, Robustness", Denormals, s => s.IsSource ? "a source sounds without input" : null),
        On("REND-020", "Values beyond a parameter's range are clamped to it.", "ParameterDescriptor", Clamping),
        On("REND-021", "The description is consistent.", "ProcessorDescriptor", Description),
        On("REND-022", "A node with settings that cannot be run is refused as BadParameter.", "IProcessorFactory.Create", BadSettings),
        On("REND-023", "Disposing twice is as disposing once, and disturbs no other instance.", "IProcessor.Dispose", Disposal),
    ];

    private static ConformanceCase<ProcessorSubject> On(
        string id, string title, string source, Action<ProcessorSubject, ProcessorScene> run, Func<ProcessorSubject, string?>? skipReason = null) =>
        new(id, title, source, (subject, _) =>
        {
            run(subject, new ProcessorScene(subject));
            return Task.CompletedTask;
        })
        {
            SkipReason = skipReason ?? (static _ => null),
        };

    private static Func<ProcessorSubject, string?> Needs(ProcessorTraits trait) =>
        subject => subject.Factory.Describe(subject.Node) is { } descriptor && !descriptor.Traits.HasFlag(trait) ? $"{trait} is not declared" : null;

    private static void Divisions(ProcessorSubject subject, ProcessorScene scene)
    {
        var expected = scene.Whole();
        Func<int>[] divisions = [() => 1, () => 64, () => scene.Random.Next(1, 40), () => scene.Random.Next(1, scene.MaxBlockFrames + 1)];
        for (var division = 0; division < divisions.Length; division++)
        {
            using var processor = scene.Create();
            var audio = scene.CopyAudio();
            scene.Run(processor, audio, 0, scene.Frames, divisions[division]);
            RenderBits.ExpectSame(expected, audio, $"from division {division} (of 1, 64, up to 39, and any frames), seed {subject.Seed}");
        }
    }

    private static void Checkpoints(ProcessorSubject subject, ProcessorScene scene)
    {
        var expected = scene.Whole();
        for (var trial = 0; trial < Trials; trial++)
        {
            var at = trial == 0 ? 0 : scene.Random.Next(1, scene.Frames);
            using var first = scene.Create();
            using var second = scene.Create();
            var audio = scene.CopyAudio();
            scene.Run(first, audio, 0, at, () => scene.Random.Next(1, scene.MaxBlockFrames + 1));

            // What the other instance did before must not show.
            scene.Run(second, scene.CopyAudio(), 0, scene.Random.Next(0, scene.Frames), () => scene.MaxBlockFrames);
            var state = ProcessorScene.Save(first);
            second.Restore(state);
            Expect.True(ProcessorScene.Save(second).AsSpan().SequenceEqual(state), "a restored state to save the same bytes", $"saved at {at}, it saves others");
            scene.Run(second, audio, at, scene.Frames, () => scene.MaxBlockFrames);
            RenderBits.ExpectSame(expected, audio, $"after a restore at frame {at}, seed {subject.Seed}");
        }
    }

    private static void BadStates(ProcessorSubject subject, ProcessorScene scene)
    {
        using var processor = scene.Create();
        var fresh = ProcessorScene.Save(processor);
        scene.Run(processor, scene.CopyAudio(), 0, scene.Frames, () => scene.MaxBlockFrames);
        var state = ProcessorScene.Save(processor);
        List<byte[]> bad = [[.. state, 0]];
        if (state.Length > 0)
        {
            bad.AddRange([[], state[..^1], state[..scene.Random.Next(state.Length)]]);
        }

        foreach (var bytes in bad)
        {
            processor.Restore(state);
            var refusal = Expect.Throws<RenderException>(() => processor.Restore(bytes), $"Restore of {bytes.Length} bytes where {state.Length} were saved");
            Expect.Equal(RenderError.BadCheckpoint, refusal.Error, "the error");
            Expect.True(ProcessorScene.Save(processor).AsSpan().SequenceEqual(fresh), "the instance to be as after a reset", "it saves another state");
        }
    }

    private static void TwoThreads(ProcessorSubject subject, ProcessorScene scene)
    {
        var results = new float[2][][];
        Exception? failure = null;
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            try
            {
                results[i] = scene.Whole();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Expect.True(failure is null, "both threads to get through", $"{failure?.Message}");
        RenderBits.ExpectSame(results[0], results[1], $"from two threads, seed {subject.Seed}");
        RenderBits.ExpectSame(results[0], scene.Whole(), $"once more, seed {subject.Seed}");
    }

    private static void Resets(ProcessorSubject subject, ProcessorScene scene)
    {
        using var processor = scene.Create();
        var fresh = ProcessorScene.Save(processor);
        scene.Run(processor, scene.CopyAudio(), 0, scene.Frames, () => scene.MaxBlockFrames);
        processor.Reset();
        Expect.True(ProcessorScene.Save(processor).AsSpan().SequenceEqual(fresh), "the state after creation", "the state after a reset is another one");
        var audio = scene.CopyAudio();
        scene.Run(processor, audio, 0, scene.Frames, () => scene.MaxBlockFrames);
        RenderBits.ExpectSame(scene.Whole(), audio, $"after a reset, seed {subject.Seed}");
    }

    private static void Disposal(ProcessorSubject subject, ProcessorScene scene)
    {
        var expected = scene.Whole();
        var processor = scene.Create();
        using var other = scene.Create();
        processor.Dispose();
        processor.Dispose();
        var audio = scene.CopyAudio();
        scene.Run(other, audio, 0, scene.Frames, () => scene.MaxBlockFrames);
        RenderBits.ExpectSame(expected, audio, "from an instance beside one that was disposed");
    }
}
