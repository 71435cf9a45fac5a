using Loophole.Cluster.Planning;
using Loophole.Engine;

namespace Loophole.EndToEnd.Tests.Determinism;

public sealed class DeterminismTests
{
    /// <summary>Random projects checked; LOOPHOLE_PROPERTY_CASES asks for more.</summary>
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("LOOPHOLE_PROPERTY_CASES"), out var cases) ? cases : 1_000;

    [Fact]
    public async Task Placement_block_sizes_and_restored_checkpoints_never_change_a_sample()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("LOOPHOLE_PROPERTY_SEED"), out var given) ? given : 20_260_101;
        TestContext.Current.SendDiagnosticMessage($"{Cases} cases from seed {seed}");
        var (media, ids) = await Recordings.MakeAsync(seed);
        var processors = new BuiltInProcessors();
        var render = new PlacedRender(new EngineRendererFactory(processors), media);
        var sounding = 0;
        for (var at = seed; at < seed + Cases; at++)
        {
            var project = RandomProject.Create(at, ids);
            var plan = new GraphPlanner(processors).Plan(project.Graph);
            var frames = RandomProject.LengthFrames + plan.LatencyFrames;
            var whole = render.RenderWhole(plan, project.Events, frames);
            var scattered = render.RenderScattered(plan, project.Events, frames, new Random(at));
            var difference = PlacedRender.FirstDifference(whole, scattered);
            Assert.True(difference < 0, $"Seed {at}: sample {difference} of {whole.Length} is {(difference < 0 ? 0 : whole[difference])} in one piece, {(difference < 0 ? 0 : scattered[difference])} scattered.");
            sounding += whole.AsSpan().ContainsAnyExcept(0f) ? 1 : 0;
        }

        Assert.True(sounding > Cases * 9 / 10, $"Only {sounding} of {Cases} projects made a sound: the property proves little.");
    }
}
