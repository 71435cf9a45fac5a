using System.Buffers;
using System.Buffers.Binary;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Rendering;

public sealed class CheckpointTests
{
    private const int LengthOfFirstMemory = 36;

    private static readonly PlanSignal Input = new(0, 2);
    private static readonly PlanSignal Strip = new(1, 2);
    private static readonly PlanSignal Output = new(2, 1);

    private static readonly SubgraphPlan Plan = PlanBuilder.Plan(
        [Input],
        [Output],
        PlanBuilder.Channel(Strip, Input.Id, PlanBuilder.Node("leaky", "leaky"), PlanBuilder.Node("delay", "fixedDelay")),
        PlanBuilder.Sum(Output, new SumInput(Strip.Id, 3), new SumInput(Input.Id, 5)));

    [Fact]
    public void A_restored_renderer_goes_on_with_the_same_bits()
    {
        var (whole, first, second) = (PlanBuilder.Create(Plan), PlanBuilder.Create(Plan), PlanBuilder.Create(Plan));
        var expected = PlanBuilder.Render(whole, 40, Noise(40))[0];
        PlanBuilder.Render(first, 17, Noise(40)[..34]);
        second.Restore(17, Save(first));
        Assert.Equal(17, second.Position);
        Assert.Equal(expected[17..], PlanBuilder.Render(second, 23, Noise(40)[34..])[0]);
    }

    [Fact]
    public void Every_beginning_of_a_checkpoint_is_refused()
    {
        var checkpoint = Checkpoint();
        for (var length = 0; length < checkpoint.Length; length++)
        {
            Refuses(Plan, 17, checkpoint[..length]);
        }

        Refuses(Plan, 17, [.. checkpoint, 0]);
    }

    [Fact]
    public void A_garbled_checkpoint_is_refused_or_taken_and_nothing_else()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var checkpoint = Checkpoint();
        var taken = 0;
        using var renderer = PlanBuilder.Create(Plan);
        for (var i = 0; i < 10_000; i++)
        {
            var garbled = (byte[])checkpoint.Clone();
            for (var flips = 1 + random.Next(3); flips > 0; flips--)
            {
                garbled[random.Next(garbled.Length)] ^= (byte)(1 + random.Next(255));
            }

            try
            {
                renderer.Restore(17, garbled);
                taken++;
                Assert.Equal(17, renderer.Position);
            }
            catch (RenderException refusal)
            {
                Assert.Equal(RenderError.BadCheckpoint, refusal.Error);
            }

            PlanBuilder.Render(renderer, 1, [1, 1]);
        }

        Assert.InRange(taken, 1, 9_999);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_hostile_length_allocates_nothing_of_its_size(int length)
    {
        var checkpoint = Checkpoint();
        BinaryPrimitives.WriteInt32LittleEndian(checkpoint.AsSpan(LengthOfFirstMemory), length);
        using var renderer = PlanBuilder.Create(Plan);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<RenderException>(() => renderer.Restore(17, checkpoint));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void After_a_refusal_the_renderer_is_as_new()
    {
        using var fresh = PlanBuilder.Create(Plan);
        using var renderer = PlanBuilder.Create(Plan);
        PlanBuilder.Render(renderer, 20, Noise(20));
        var checkpoint = Checkpoint();
        checkpoint.AsSpan(LengthOfFirstMemory + 4, 8).Fill(0xFF);
        Assert.Throws<RenderException>(() => renderer.Restore(17, checkpoint));
        Assert.Equal(0, renderer.Position);
        Assert.Equal(PlanBuilder.Render(fresh, 30, Noise(30))[0], PlanBuilder.Render(renderer, 30, Noise(30))[0]);
    }

    [Fact]
    public void A_checkpoint_of_another_plan_or_position_is_refused()
    {
        var checkpoint = Checkpoint();
        Refuses(Plan, 18, checkpoint);
        Refuses(Plan with { SampleRate = 44_100 }, 17, checkpoint);
        Refuses(WithSum(new SumInput(Strip.Id, 3), new SumInput(Input.Id, 6)), 17, checkpoint);
        Refuses(WithDelayNode(new ParameterSetting("frames", 5)), 17, checkpoint);
    }

    [Fact]
    public void A_checkpoint_outlives_a_change_of_block_size_and_of_values()
    {
        var changed = Plan with
        {
            BlockFrames = 32,
            Steps = Plan.Steps.SetItem(
                0,
                PlanBuilder.Channel(
                    Strip,
                    Input.Id,
                    PlanBuilder.Node("leaky", "leaky", 0, PlanBuilder.Automated("leak", new AutomationPoint(0, 0.5, false))),
                    PlanBuilder.Node("delay", "fixedDelay"))),
        };
        using var renderer = PlanBuilder.Create(changed);
        renderer.Restore(17, Checkpoint());
        Assert.Equal(17, renderer.Position);
    }

    [Fact]
    public void Checkpoints_of_one_frame_are_one_and_those_of_two_frames_are_none()
    {
        var checkpoint = Checkpoint();
        var foreign = Save(PlanBuilder.Create(PlanBuilder.Plan([Input], [Strip], PlanBuilder.Channel(Strip, Input.Id, PlanBuilder.Node("other", "leaky")))));
        var ofNow = (byte[])foreign.Clone();
        BinaryPrimitives.WriteInt64LittleEndian(ofNow.AsSpan(8), 17);
        foreach (var joined in (byte[][])[[.. ofNow, .. checkpoint], [.. checkpoint, .. ofNow]])
        {
            using var renderer = PlanBuilder.Create(Plan);
            renderer.Restore(17, joined);
            Assert.Equal(17, renderer.Position);
        }

        Refuses(Plan, 17, [.. checkpoint, .. foreign]);
        Refuses(Plan, 17, ofNow);
    }

    private static SubgraphPlan WithSum(params SumInput[] inputs) => Plan with { Steps = Plan.Steps.SetItem(1, PlanBuilder.Sum(Output, inputs)) };

    private static SubgraphPlan WithDelayNode(ParameterSetting frames) => Plan with
    {
        Steps = Plan.Steps.SetItem(
            0, PlanBuilder.Channel(Strip, Input.Id, PlanBuilder.Node("leaky", "leaky"), PlanBuilder.Node("delay", "fixedDelay", 0, frames))),
    };

    private static void Refuses(SubgraphPlan plan, long position, byte[] checkpoint)
    {
        using var renderer = PlanBuilder.Create(plan);
        Assert.Equal(RenderError.BadCheckpoint, Assert.Throws<RenderException>(() => renderer.Restore(position, checkpoint)).Error);
        Assert.Equal(0, renderer.Position);
    }

    private static byte[] Checkpoint()
    {
        using var renderer = PlanBuilder.Create(Plan);
        PlanBuilder.Render(renderer, 17, Noise(17));
        return Save(renderer);
    }

    private static byte[] Save(IRenderer renderer)
    {
        var bytes = new ArrayBufferWriter<byte>();
        renderer.Save(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static float[] Noise(int frames)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, frames * 2).Select(_ => random.NextSingle() - 0.5f)];
    }
}
