using System.Buffers;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors;

namespace Loophole.Engine.Tests.Processors;

public sealed class BuiltInProcessorsTests
{
    public static TheoryData<string> Kinds => [.. BuiltInKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_described_made_and_priced(string kind)
    {
        var node = Rig.Node(kind);
        var descriptor = Rig.Factory.Describe(node);
        Assert.NotNull(descriptor);
        Assert.Equal(kind, descriptor.Kind);
        Assert.Equal(ProcessorTraits.Distributable, descriptor.Traits);
        Assert.Equal(descriptor.Parameters.Length, descriptor.Parameters.Select(p => p.Name).Distinct().Count());
        Assert.All(descriptor.Parameters, p => Assert.InRange(p.Default, p.Minimum, p.Maximum));
        Assert.True(Rig.Factory.Cost(node, 2) > 0);
        Assert.InRange(Rig.Factory.LatencyFrames(node, 48_000), 0, 2_400);
        foreach (var width in new[] { 1, 2, 3, 64 })
        {
            Rig.Factory.Create(node, Rig.Context(audioChannels: width)).Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_declared_as_state_is_what_is_saved(string kind)
    {
        const long Little = 4_096;
        for (var seed = 0; seed < 25; seed++)
        {
            var scene = new Scene(kind, seed);
            using var processor = scene.Create();
            var saved = new ArrayBufferWriter<byte>();
            processor.Save(saved);
            var declared = Rig.Factory.StateBytes(scene.Node, scene.Context.AudioChannels, scene.Context.SampleRate);
            Assert.True(Math.Abs(declared - saved.WrittenCount) < Little, $"seed {seed}: {declared} bytes are declared, and {saved.WrittenCount} saved.");
        }
    }

    [Fact]
    public void Stereo_faders_cost_one() => Assert.Equal(1, Rig.Factory.Cost(Rig.Node("fader"), 2));

    [Theory]
    [InlineData("fader", "volumes", 1)]
    [InlineData("fader", "Volume", 1)]
    [InlineData("fader", "volume", double.NaN)]
    [InlineData("limiter", "lookAhead", double.PositiveInfinity)]
    [InlineData("equalizer", "band17.gain", 1)]
    [InlineData("equalizer", "band1.slope", 1)]
    public void A_bad_parameter_is_refused_by_the_names_of_node_and_parameter(string kind, string parameter, double value)
    {
        var refusal = Assert.Throws<RenderException>(() => Rig.Factory.Create(Rig.Node(kind, (parameter, value)), Rig.Context()));
        Assert.Equal(RenderError.BadParameter, refusal.Error);
        Assert.Contains("'node:test'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"'{parameter}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Automation_is_refused_where_a_parameter_is_fixed_or_a_value_not_finite()
    {
        RenderError Refusal(string kind, string parameter, double value)
        {
            var node = Rig.Node(kind) with { Parameters = [new ParameterSetting(parameter, 0) { Automation = [new AutomationPoint(0, value, false)] }] };
            return Assert.Throws<RenderException>(() => Rig.Factory.Create(node, Rig.Context())).Error;
        }

        Assert.Equal(RenderError.BadParameter, Refusal("delay", "time", 1));
        Assert.Equal(RenderError.BadParameter, Refusal("fader", "volume", double.NaN));
        Assert.Equal(RenderError.BadParameter, Assert.Throws<RenderException>(() => Rig.Factory.Create(Rig.Node("fader", ("volume", 1), ("volume", 2)), Rig.Context())).Error);
    }

    [Fact]
    public void Values_beyond_the_range_are_clamped_to_it()
    {
        Assert.Equal(96_000, Rig.Factory.LatencyFrames(Rig.Node("latency", ("frames", 1e9)), 48_000));
        Assert.Equal(2_400, Rig.Factory.LatencyFrames(Rig.Node("limiter", ("lookAhead", 7)), 48_000));
        Assert.Equal(64, Rig.Run(Rig.Node("fader", ("volume", 1e6)), [[1]])[0][0]);
    }

    [Fact]
    public void Sends_are_described_but_never_made()
    {
        var send = new SendNode { Id = "node:send", TargetChannelId = "ch:1" };
        Assert.Equal(SendNode.LevelParameter, Assert.Single(Rig.Factory.Describe(send)!.Parameters).Name);
        Assert.Equal(RenderError.BadPlan, Assert.Throws<RenderException>(() => Rig.Factory.Create(send, Rig.Context())).Error);
    }

    [Fact]
    public void Plugins_and_unknown_kinds_are_not_described()
    {
        var plugin = new StackNode { Id = "node:stack", Variants = [new PluginVariant { Format = "vst3", PluginId = "x", Name = "X", IsMissing = true }] };
        Assert.Null(Rig.Factory.Describe(plugin));
        Assert.Null(Rig.Factory.Describe(Rig.Node("flanger")));
        Assert.Equal(RenderError.UnknownProcessor, Assert.Throws<RenderException>(() => Rig.Factory.Create(plugin, Rig.Context())).Error);
        Assert.Contains("flanger", Assert.Throws<RenderException>(() => Rig.Factory.Create(Rig.Node("flanger"), Rig.Context())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resampled_clips_cost_more_than_plain_ones_and_a_row_of_clips_no_more_than_one()
    {
        static LaneStreamNode Lane(params ClipRegion[] regions) => new() { Id = "node:lane", Regions = [.. regions] };
        static ClipRegion Clip(long start, double step) => new() { StartFrame = start, EndFrame = start + 100, Media = default!, SourceStartFrame = 0, SourceStep = step };
        var plain = Rig.Factory.Cost(Lane(Clip(0, 1)), 2);
        Assert.True(Rig.Factory.Cost(Lane(Clip(0, 1.1)), 2) > 5 * plain);
        Assert.Equal(plain, Rig.Factory.Cost(Lane(Clip(0, 1), Clip(100, 1), Clip(200, 1)), 2));
        Assert.Empty(Rig.Factory.Describe(Lane())!.Parameters);
        Assert.Equal(0, Rig.Factory.LatencyFrames(Lane(), 48_000));
    }
}
