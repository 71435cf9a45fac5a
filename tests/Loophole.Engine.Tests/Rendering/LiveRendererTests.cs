using Loophole.Cluster.Rendering;
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
