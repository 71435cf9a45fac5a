using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.TestKit.Rendering;

public static partial class RendererSuite
{
    private static void BadCheckpoints(RendererSubject subject, RendererScene scene)
    {
        var outputs = scene.NewOutputs(scene.Frames);
        byte[] checkpoint;
        using (var renderer = scene.Create())
        {
            scene.RenderBlock(renderer, 0, 17, outputs);
            checkpoint = RendererScene.Save(renderer);
        }

        Refuses(scene, 17, [.. checkpoint, 0], "a checkpoint with a byte too many");
        Refuses(scene, 18, checkpoint, "a checkpoint of another position");
        if (checkpoint.Length > 0)
        {
            Refuses(scene, 17, [], "no bytes");
            Refuses(scene, 17, checkpoint[..^1], "a checkpoint with a byte too few");
            Refuses(scene, 17, checkpoint[..scene.Random.Next(checkpoint.Length)], "the beginning of a checkpoint");
        }
    }

    private static void Refuses(RendererScene scene, long position, byte[] checkpoint, string what)
    {
        using var renderer = scene.Create();
        var refusal = Expect.Throws<RenderException>(() => renderer.Restore(position, checkpoint), $"Restore of {what}");
        Expect.Equal(RenderError.BadCheckpoint, refusal.Error, $"the error for {what}");
        Expect.Equal(0, renderer.Position, $"the position after {what}");
    }

    private static void BadEvents(RendererSubject subject, RendererScene scene)
    {
        using var renderer = scene.Create();
        var outputs = scene.NewOutputs(scene.Frames);
        scene.RenderBlock(renderer, 0, 2, outputs);
        renderer.Apply(Playing(10, 5));
        Expect.Throws<ArgumentException>(() => renderer.Apply(Playing(1, 9)), "an event before the position");
        Expect.Throws<ArgumentException>(() => renderer.Apply(Playing(10, 4)), "an event of a smaller sequence");
        Expect.Throws<ArgumentException>(() => renderer.Apply(Playing(9, 9)), "an event of an earlier frame");
        renderer.Apply(Playing(10, 6));
    }

    private static void BadCalls(RendererSubject subject, RendererScene scene)
    {
        using var untroubled = scene.Create();
        var expected = scene.RenderWithoutEvents(untroubled);
        using var renderer = scene.Create();
        var most = subject.Plan.BlockFrames;
        Expect.Throws<ArgumentException>(() => Render(renderer, 0, 0), "a block of 0 frames");
        Expect.Throws<ArgumentException>(() => Render(renderer, -1, 0), "a block of -1 frames");
        Expect.Throws<ArgumentException>(() => Render(renderer, most + 1, most + 1), "a block larger than the plan's");
        Expect.Throws<ArgumentException>(() => Render(renderer, 8, 7), "an output that is too short");
        Expect.Throws<ArgumentException>(() => renderer.Render(8, [.. Reads(subject, 8), new float[8]], Writes(subject, 8)), "one input too many");
        Expect.Throws<ArgumentException>(() => renderer.Render(8, Reads(subject, 8), []), "no outputs");
        Expect.Equal(0, renderer.Position);
        RenderBits.ExpectSame(expected, scene.RenderWithoutEvents(renderer), "after calls that were refused");
    }

    private static void BadPlans(RendererSubject subject, RendererScene scene)
    {
        var plan = subject.Plan;
        var unknown = plan.Inputs.Concat(plan.Outputs).Concat(plan.Steps.Select(s => s.Output)).Max(s => s.Id) + 1000;
        (SubgraphPlan Plan, string What)[] bad =
        [
            (plan with { SampleRate = 0 }, "a sample rate of 0"),
            (plan with { BlockFrames = 0 }, "a block size of 0"),
            (plan with { BlockFrames = 8193 }, "a block size of 8193"),
            (plan with { Outputs = [] }, "no output"),
            (plan with { Outputs = [new PlanSignal(unknown, 2)] }, "an output that no step makes"),
            (plan with { Outputs = [plan.Outputs[0] with { AudioChannels = plan.Outputs[0].AudioChannels + 1 }] }, "an output of another width"),
            (plan with { Steps = [.. plan.Steps, new SumStep { Id = "kit:sum", Output = new PlanSignal(unknown, 2), Inputs = [new SumInput(unknown + 1, 0)] }] }, "a step that reads an unknown signal"),
            (plan with { Steps = [.. plan.Steps, new SumStep { Id = "kit:sum", Output = new PlanSignal(unknown, 2), Inputs = [] }] }, "a sum of nothing"),
            (plan with { Steps = [.. plan.Steps, new SumStep { Id = "kit:sum", Output = new PlanSignal(unknown, 65), Inputs = [new SumInput(plan.Outputs[0].Id, 0)] }] }, "a signal of 65 channels"),
        ];
        foreach (var (broken, what) in bad)
        {
            var refusal = Expect.Throws<RenderException>(() => subject.Factory.Create(broken, subject.Media).Dispose(), $"Create with {what}");
            Expect.Equal(RenderError.BadPlan, refusal.Error, $"the error for {what}");
        }
    }

    private static void NotFinite(RendererSubject subject, RendererScene scene)
    {
        // What a delay holds is due later: the compensation and the longest processor must be through.
        var (start, end) = (scene.Frames / 8, scene.Frames / 4);
        for (var i = 0; i < scene.Inputs.Length; i++)
        {
            var channels = subject.Plan.Inputs[i].AudioChannels;
            scene.Inputs[i].AsSpan(start * channels, (end - start) * channels).Fill(i % 2 == 0 ? float.NaN : float.PositiveInfinity);
        }

        var outputs = scene.Whole();
        for (var i = 0; i < outputs.Length; i++)
        {
            var channels = subject.Plan.Outputs[i].AudioChannels;
            RenderBits.ExpectFinite([outputs[i]], (scene.Frames / 2) * channels, $"of output {i} from frame {scene.Frames / 2}, with finite input from {end}");
        }
    }

    private static void ForeignEvents(RendererSubject subject, RendererScene scene)
    {
        using var untroubled = scene.Create();
        var expected = scene.RenderWithoutEvents(untroubled);
        using var renderer = scene.Create();
        renderer.Apply(new ParameterEvent { Frame = 0, Sequence = 1, NodeId = "node:of another subgraph", Parameter = "level", Value = 0.5 });
        RenderBits.ExpectSame(expected, scene.RenderWithoutEvents(renderer), "beside an event for a node that is not here");
    }

    private static void Render(IRenderer renderer, int frames, int length) =>
        renderer.Render(frames, Reads(renderer.Plan, Math.Max(frames, 0)), [.. renderer.Plan.Outputs.Select(o => new float[length * o.AudioChannels].AsMemory())]);

    private static ReadOnlyMemory<float>[] Reads(RendererSubject subject, int frames) => Reads(subject.Plan, frames);

    private static ReadOnlyMemory<float>[] Reads(SubgraphPlan plan, int frames) =>
        [.. plan.Inputs.Select(i => (ReadOnlyMemory<float>)new float[frames * i.AudioChannels])];

    private static Memory<float>[] Writes(RendererSubject subject, int frames) => [.. subject.Plan.Outputs.Select(o => new float[frames * o.AudioChannels].AsMemory())];

    private static TransportEvent Playing(long frame, long sequence) => new() { Frame = frame, Sequence = sequence, ProjectFrame = 0, IsPlaying = true };
}
