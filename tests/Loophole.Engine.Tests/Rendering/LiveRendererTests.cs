using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

/// <summary>Events may be applied by one thread while another renders what comes before them.</summary>
public sealed class LiveRendererTests
{
    private readonly EngineRendererFactory _factory = new(new TestProcessorFactory());

    [Fact]
    public async Task Events_that_are_told_while_a_block_is_rendered_are_heard_at_their_frame()
    {
        const int Seed = 7;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        for (var seed = Seed; seed < Seed + 300; seed++)
        {
            var scenario = Scenario.Make(seed, Scenario.SoundKinds);
            var expected = Drive.Run(_factory, scenario, () => 64, new Random(seed), moves: false);
            Assert.Null(Drive.FirstDifference(expected, await RenderAsync(scenario)));
        }
    }

    [Fact]
    public void What_the_device_hears_sounds_as_a_take_of_it()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            MidiMessage[] heard = [.. Enumerable.Range(0, 40).Select(_ => random.Next(400)).Order().Select(frame => new MidiMessage(frame, (byte)(0x80 + random.Next(0x70)), (byte)random.Next(128), (byte)random.Next(128)))];
            var only = random.Next(2) == 0 ? (int?)random.Next(16) : null;
            using var live = Assert.IsType<ILiveRenderer>(Make(new StepNotes { HearsDevice = true, MidiChannel = only }), exactMatch: false);
            using var recorded = Make(new StepNotes { Take = [.. heard.Where(message => only is null || message.MidiChannel == only)] });
            for (var position = 0; position < 400;)
            {
                var frames = Math.Min(1 + random.Next(64), 400 - position);
                live.Hear([.. heard.Where(message => message.Frame >= position && message.Frame < position + frames)]);
                Assert.Equal(PlanBuilder.Render(recorded, frames)[0], PlanBuilder.Render(live, frames)[0]);
                position += frames;
            }
        }

        IRenderer Make(StepNotes notes) =>
            PlanBuilder.Create(PlanBuilder.Plan([], [new PlanSignal(0, 1)], PlanBuilder.Channel(new PlanSignal(0, 1), null, PlanBuilder.Node("keys", "keys", latency: 17)) with { Notes = notes }));
    }

    [Fact]
    public void What_is_heard_counts_for_one_block()
    {
        var plan = PlanBuilder.Plan([], [new PlanSignal(0, 1)], PlanBuilder.Channel(new PlanSignal(0, 1), null, PlanBuilder.Node("keys", "keys")) with { Notes = new StepNotes { HearsDevice = true } });
        using var renderer = Assert.IsType<ILiveRenderer>(PlanBuilder.Create(plan), exactMatch: false);
        renderer.Hear([new MidiMessage(10, MidiMessage.NoteOn, 1, 1), new MidiMessage(64, MidiMessage.NoteOn, 1, 1)]);
        var first = PlanBuilder.Render(renderer, 64)[0];
        Assert.Equal(0, first[9]);
        Assert.NotEqual(0, first[10]);
        Assert.All(PlanBuilder.Render(renderer, 64)[0], sample => Assert.Equal(first[10], sample));
    }

    private async Task<float[][]> RenderAsync(Scenario scenario)
    {
        using var renderer = Assert.IsType<ILiveRenderer>(_factory.Create(scenario.Plan, new NoMedia()), exactMatch: false);
        var outputs = scenario.Plan.Outputs.Select(output => new float[scenario.FrameCount * output.AudioChannels]).ToArray();
        var known = 0L;
        var telling = Task.Run(() =>
        {
            for (var at = 0; at < scenario.Events.Length; at++)
            {
                // As late as it may be: up to here all is known.
                Volatile.Write(ref known, scenario.Events[at].Frame);
                renderer.Apply(scenario.Events[at]);
            }

            Volatile.Write(ref known, long.MaxValue);
        });
        for (var position = 0; position < scenario.FrameCount;)
        {
            var frames = (int)Math.Min(Math.Min(Volatile.Read(ref known) - position, scenario.Plan.BlockFrames), scenario.FrameCount - position);
            if (frames <= 0)
            {
                Assert.False(telling.IsFaulted, $"{telling.Exception}");
                continue;
            }

            ReadOnlyMemory<float>[] inputs = [.. scenario.Inputs.Select((samples, at) => (ReadOnlyMemory<float>)samples.AsMemory(position * scenario.Plan.Inputs[at].AudioChannels, frames * scenario.Plan.Inputs[at].AudioChannels))];
            Memory<float>[] into = [.. outputs.Select((samples, at) => samples.AsMemory(position * scenario.Plan.Outputs[at].AudioChannels, frames * scenario.Plan.Outputs[at].AudioChannels))];
            renderer.Render(frames, inputs, into);
            position += frames;
        }

        await telling;
        return outputs;
    }
}
