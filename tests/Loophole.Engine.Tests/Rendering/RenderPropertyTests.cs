using System.Buffers;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

public sealed class RenderPropertyTests
{
    private const int PlanCount = 600;

    private readonly EngineRendererFactory _factory = new(new TestProcessorFactory());

    [Fact]
    public void Output_is_what_the_contracts_say_however_it_is_divided_moved_and_told()
    {
        for (var seed = 0; seed < PlanCount; seed++)
        {
            Assert.Null(Failure(_factory, seed, Scenario.SoundKinds));
        }
    }

    [Fact]
    public void A_checkpoint_has_the_same_bytes_however_the_frames_were_divided()
    {
        for (var seed = 0; seed < PlanCount / 6; seed++)
        {
            var scenario = Scenario.Make(seed, Scenario.SoundKinds);
            var (single, random) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
            Drive.Run(_factory, scenario, () => 1, new Random(seed), moves: false, single);
            var draw = new Random(seed);
            Drive.Run(_factory, scenario, () => draw.Next(80), draw, moves: true, random);
            Assert.True(single.WrittenSpan.SequenceEqual(random.WrittenSpan), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("forgetful")]
    [InlineData("blockStartGain")]
    public void The_property_finds_a_processor_that_breaks_its_contract(string mutant) =>
        Assert.True(CountFailures(_factory, [mutant, "clock"]) > 10);

    [Fact]
    public void The_property_finds_a_renderer_that_locates_at_the_start_of_a_block() =>
        Assert.True(CountFailures(new BlockStartTransport(_factory), Scenario.SoundKinds) > 10);

    private static int CountFailures(IRendererFactory factory, string[] kinds) =>
        Enumerable.Range(0, 60).Count(seed => Failure(factory, seed, kinds) is not null);

    private static string? Failure(IRendererFactory factory, int seed, string[] kinds)
    {
        var scenario = Scenario.Make(seed, kinds);
        var expected = new NaiveRender(scenario).Run();
        var draw = new Random(seed);
        (string Name, Func<int> NextBlock, bool Moves)[] ways =
        [
            ("frame by frame", () => 1, false),
            ("in whole blocks", () => int.MaxValue, false),
            ("in any blocks", () => draw.Next(draw.Next(2) == 0 ? 4 : 80), false),
            ("in any blocks and instances", () => draw.Next(draw.Next(2) == 0 ? 4 : 80), true),
        ];
        foreach (var (name, nextBlock, moves) in ways)
        {
            if (Drive.FirstDifference(expected, Drive.Run(factory, scenario, nextBlock, draw, moves)) is { } difference)
            {
                return $"seed {seed}, {name}: {difference}";
            }
        }

        return null;
    }
}
