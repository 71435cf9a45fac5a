using System.Collections.Immutable;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Checks;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>What a renderer promises: cases REND-101 onward.</summary>
public static partial class RendererSuite
{
    private const int Trials = 6;

    /// <summary>The cases. [any]</summary>
    public static ImmutableArray<ConformanceCase<RendererSubject>> Cases { get; } =
    [
        On("REND-101", "Any sequence of block sizes gives the same samples.", "IRenderer.Render", Partitions),
        On("REND-102", "A checkpoint goes on on another instance with the same samples, from any block boundary.", "IRenderer.Restore", Checkpoints),
        On("REND-103", "An event acts at its frame, however early it is told and wherever blocks start.", "IRenderer.Apply", Events),
        On("REND-104", "Two instances on two threads give the same samples.", "IRenderer, pure function", TwoThreads),
        On("REND-105", "Rendering allocates nothing in steady state.", "IRenderer.Render", Allocation),
        On("REND-106", "Bytes that are no checkpoint of this plan and position are refused as BadCheckpoint.", "IRenderer.Restore", BadCheckpoints),
        On("REND-107", "The position starts at 0 and grows by what was rendered.", "IRenderer.Position", Positions),
        On("REND-108", "An event out of order or in the past is refused.", "IRenderer.Apply", BadEvents),
        On("REND-109", "Counts and lengths that do not fit the plan are refused and change nothing.", "IRenderer.Render", BadCalls),
        On("REND-110", "A plan that contradicts itself is refused as BadPlan.", "IRendererFactory.Create", BadPlans),
        On("REND-111", "Input that is not finite neither throws nor outlasts itself.", "IRenderer.Render", NotFinite, s => s.Plan.Inputs.IsEmpty ? "the plan has no input" : null),
        On("REND-112", "Events for nodes of other subgraphs are ignored.", "IRenderer.Apply", ForeignEvents),
        On("REND-113", "Inputs are left as they are.", "IRenderer.Render", InputsUntouched),
        On("REND-114", "Disposing twice is as disposing once, and disturbs no other instance.", "IRenderer.Dispose", Disposal),
        On("REND-115", "A checkpoint fits however the steps are cut into plans: those of two halves are one of the whole, and that of the whole is one of each half.", "IRenderer.Restore", Cuts, s => s.Plan.Steps.Length < 2 ? "the plan has one step" : null),
    ];

    private static ConformanceCase<RendererSubject> On(
        string id, string title, string source, Action<RendererSubject, RendererScene> run, Func<RendererSubject, string?>? skipReason = null) =>
        new(id, title, source, (subject, _) =>
        {
            run(subject, new RendererScene(subject));
            return Task.CompletedTask;
        })
        {
            SkipReason = skipReason ?? (static _ => null),
        };

    private static void Partitions(RendererSubject subject, RendererScene scene)
    {
        var expected = scene.Whole();
        var most = subject.Plan.BlockFrames;
        Func<int>[] sizes = [() => 1, () => most - 1, () => scene.Random.Next(1, 20), () => scene.Random.Next(1, most + 1)];
        for (var i = 0; i < sizes.Length; i++)
        {
            RenderBits.ExpectSame(expected, scene.Render(sizes[i], () => 0, _ => false), $"from partition {i} (of 1, largest − 1, up to 19, and any frames), seed {subject.Seed}");
        }
    }

    private static void Checkpoints(RendererSubject subject, RendererScene scene)
    {
        var expected = scene.Whole();
        for (var trial = 0; trial < Trials; trial++)
        {
            var moved = new List<int>();
            var actual = scene.Render(() => scene.Random.Next(1, subject.Plan.BlockFrames + 1), () => scene.Random.Next(50), position =>
            {
                var moves = position > 0 && scene.Random.Next(8) == 0;
                if (moves)
                {
                    moved.Add(position);
                }

                return moves;
            });
            RenderBits.ExpectSame(expected, actual, $"after moves at frames {string.Join(", ", moved)}, seed {subject.Seed}");
        }
    }

    private static void Cuts(RendererSubject subject, RendererScene scene)
    {
        var expected = scene.Whole();
        for (var steps = 1; steps < subject.Plan.Steps.Length; steps++)
        {
            var (made, whole) = (0, scene.Random.Next(2));
            IRenderer Make() => made++ % 2 == whole ? scene.Create() : new HalvedRenderer(subject, steps);
            RenderBits.ExpectSame(
                expected,
                scene.Render(() => scene.Random.Next(1, subject.Plan.BlockFrames + 1), () => scene.Random.Next(50), position => position > 0 && scene.Random.Next(8) == 0, Make),
                $"when the plan is cut after {steps} steps and put together again, seed {subject.Seed}");
        }
    }

    private static void Events(RendererSubject subject, RendererScene scene)
    {
        var expected = scene.Whole();
        RenderBits.ExpectSame(expected, scene.Render(() => subject.Plan.BlockFrames, () => scene.Frames, _ => false), "when all events are told at the start");
        for (var trial = 0; trial < Trials; trial++)
        {
            RenderBits.ExpectSame(
                expected,
                scene.Render(() => scene.Random.Next(1, subject.Plan.BlockFrames + 1), () => scene.Random.Next(2) * scene.Random.Next(300), _ => false),
                $"when events are told early now and then, seed {subject.Seed}");
        }

        using var deaf = scene.Create();
        var isHeard = expected.Zip(scene.RenderWithoutEvents(deaf)).Any(pair => !pair.First.AsSpan().SequenceEqual(pair.Second));
        Expect.True(isHeard, "the subject's events to be heard", "without them the samples are the same");
    }

    private static void TwoThreads(RendererSubject subject, RendererScene scene)
    {
        var expected = scene.Whole();
        var results = new float[2][][];
        Exception? failure = null;
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            try
            {
                results[i] = new RendererScene(subject).Whole();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Expect.True(failure is null, "both threads to get through", $"{failure?.Message}");
        RenderBits.ExpectSame(expected, results[0], "from another thread");
        RenderBits.ExpectSame(expected, results[1], "from a third thread");
    }

    private static void Allocation(RendererSubject subject, RendererScene scene)
    {
        using var renderer = scene.Create();
        foreach (var change in subject.Events)
        {
            renderer.Apply(change);
        }

        var frames = subject.Plan.BlockFrames;
        var outputs = scene.NewOutputs(frames);
        ReadOnlyMemory<float>[] reads = [.. subject.Plan.Inputs.Select(input => (ReadOnlyMemory<float>)new float[frames * input.AudioChannels])];
        Memory<float>[] writes = [.. outputs.Select(samples => samples.AsMemory())];
        var warm = (scene.Frames / frames) + 1;
        var allocated = new long[4];
        for (var block = 0; block < warm + 200; block++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            renderer.Render(frames, reads, writes);
            if (block >= warm)
            {
                allocated[(block - warm) / 50] += GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        // The runtime may compile a method anew in one of them; what the renderer allocates comes again and again.
        Expect.Equal(0, allocated.Min(), "the bytes allocated in the best fifty blocks of two hundred");
    }

    private static void Positions(RendererSubject subject, RendererScene scene)
    {
        using var renderer = scene.Create();
        var outputs = scene.NewOutputs(scene.Frames);
        Expect.True(renderer.Plan == subject.Plan, "the plan given", "it is another one");
        Expect.Equal(0, renderer.Position);
        scene.RenderBlock(renderer, 0, 1, outputs);
        Expect.Equal(1, renderer.Position);
        scene.RenderBlock(renderer, 1, subject.Plan.BlockFrames, outputs);
        Expect.Equal(1 + subject.Plan.BlockFrames, renderer.Position);
    }

    private static void InputsUntouched(RendererSubject subject, RendererScene scene)
    {
        var before = scene.Inputs.Select(samples => samples.ToArray()).ToArray();
        scene.Whole();
        RenderBits.ExpectSame(before, scene.Inputs, "in the inputs as before");
    }

    private static void Disposal(RendererSubject subject, RendererScene scene)
    {
        var expected = scene.Whole();
        var renderer = scene.Create();
        renderer.Dispose();
        renderer.Dispose();
        RenderBits.ExpectSame(expected, scene.Whole(), "from an instance made after another was disposed");
    }
}
