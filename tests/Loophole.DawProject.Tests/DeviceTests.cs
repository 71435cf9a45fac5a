using Loophole.Cluster.Graph;
using Loophole.DawProject.Tests.Support;

namespace Loophole.DawProject.Tests;

public sealed class DeviceTests : IDisposable
{
    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_compressor_has_its_units_turned_into_ours()
    {
        var result = await BuildAsync("""
            <Compressor deviceName="Comp" deviceRole="audioFX" name="Glue"><Enabled value="false"/><Attack unit="seconds" value="0.01"/><AutoMakeup value="true"/>
            <InputGain unit="linear" value="2"/><OutputGain unit="decibel" value="-3"/><Ratio id="ratio" unit="percent" value="75"/><Release unit="seconds" value="0.2"/><Threshold unit="decibel" value="-18"/></Compressor>
            """, Xml.Points("ratio", """<RealPoint time="0" value="0"/><RealPoint time="1" value="50"/>""", "unit=\"percent\""));
        var node = Assert.IsType<ProcessorNode>(result.Node("node:c1:device:1"));
        Assert.Equal(("compressor", "Glue"), (node.Processor, node.Name));
        Assert.Equal(["threshold", "ratio", "attack", "release", "inputGain", "outputGain", "autoMakeup", "enabled"], node.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([-18, 4, 0.01, 0.2, 6.0205999132796239, -3, 1, 0], node.Parameters.Select(parameter => parameter.Value), (expected, actual) => Math.Abs(expected - actual) < 1e-12);
        Assert.Equal([1.0, 2], node.Parameters[1].Automation.Select(point => point.Value));
    }

    [Theory]
    [InlineData("linear", "4", 4)]
    [InlineData("percent", "0", 1)]
    [InlineData("percent", "50", 2)]
    [InlineData("percent", "100", 1_000)]
    [InlineData("percent", "400", 4)]
    [InlineData("linear", "inf", 1_000)]
    public async Task Ratios_are_understood_as_factor_or_percent(string unit, string value, double expected)
    {
        var result = await BuildAsync($"""<Compressor deviceName="C" deviceRole="audioFX"><Ratio unit="{unit}" value="{value}"/></Compressor>""");
        Assert.Equal(expected, result.Setting("node:c1:device:1", "ratio")!.Value, 12);
    }

    [Theory]
    [InlineData("0.005", true)]
    [InlineData("0", false)]
    [InlineData("3", false)]
    public async Task A_limiters_attack_is_its_look_ahead_when_it_can_be(string attack, bool isTaken)
    {
        var result = await BuildAsync($"""<Limiter deviceName="L" deviceRole="audioFX"><Attack id="a" unit="seconds" value="{attack}"/><Threshold unit="decibel" value="-1"/></Limiter>""");
        Assert.Equal(isTaken, result.Setting("node:c1:device:1", "lookAhead") is { Value: 0.005 });
        Assert.NotEqual(isTaken, result.Reports(DawProjectReportKind.Approximated, "Limiter", "look-ahead"));
    }

    [Fact]
    public async Task Fixed_parameters_are_not_automated()
    {
        var result = await BuildAsync(
            """<Limiter deviceName="L" deviceRole="audioFX"><Attack id="a" unit="seconds" value="0.005"/></Limiter>""",
            Xml.Points("a", """<RealPoint time="0" value="0.001"/>"""));
        Assert.Empty(result.Setting("node:c1:device:1", "lookAhead")!.Automation);
        Assert.True(result.Reports(DawProjectReportKind.Ignored, "Points", "cannot be automated"));
    }

    [Fact]
    public async Task Our_own_processors_come_back_from_built_in_devices()
    {
        var result = await BuildAsync(
            """<BuiltinDevice deviceID="loophole.delay" deviceName="Delay" deviceRole="audioFX"><Parameters><RealParameter id="time" name="time" unit="seconds" value="0.25"/><RealParameter name="mix" unit="linear" value="0.5"/><RealParameter name="odd" unit="linear" value="1"/></Parameters><Enabled value="true"/></BuiltinDevice><BuiltinDevice deviceName="loophole.tone" deviceRole="instrument"><Parameters><RealParameter name="frequency" unit="hertz" value="440"/></Parameters></BuiltinDevice>""",
            Xml.Points("time", """<RealPoint time="0" value="0.5"/>"""));
        var delay = Assert.IsType<ProcessorNode>(result.Node("node:c1:device:1"));
        Assert.Equal("delay", delay.Processor);
        Assert.Equal([("time", 0.25), ("mix", 0.5), ("enabled", 1)], delay.Parameters.Select(parameter => (parameter.Name, parameter.Value)));
        Assert.Equal(0.5, delay.Parameters[0].Automation.Single().Value);
        Assert.Equal("tone", Assert.IsType<ProcessorNode>(result.Node("node:c1:device:2")).Processor);
        Assert.True(result.Reports(DawProjectReportKind.Ignored, "\"odd\"", "not one of delay"));
    }

    [Fact]
    public async Task What_has_no_processor_passes_audio_and_keeps_its_parameters()
    {
        var result = await BuildAsync("""<NoiseGate deviceName="Gate" deviceRole="audioFX"><Threshold unit="decibel" value="-40"/></NoiseGate><Device deviceName="Amp" deviceRole="audioFX"/><BuiltinDevice deviceID="other.thing" deviceName="Thing" deviceRole="audioFX"/><BuiltinDevice deviceID="loophole.unheard" deviceName="U" deviceRole="audioFX"/>""");
        var stacks = result.Channel("ch:c1").Nodes.OfType<StackNode>().Select(stack => stack.Variants.Single()).ToArray();
        Assert.Equal([("builtin", "noiseGate"), ("builtin", "Amp"), ("builtin", "other.thing"), ("builtin", "loophole.unheard")], stacks.Select(variant => (variant.Format, variant.PluginId)));
        Assert.Equal(("threshold", -40.0), (stacks[0].Parameters[0].Name, stacks[0].Parameters[0].Value));
        Assert.Empty(result.MissingPlugins);
        Assert.Equal(4, result.Reports.Count(report => report.Kind == DawProjectReportKind.MissingDevice));
    }

    [Fact]
    public async Task Inactive_devices_are_switched_off()
    {
        var result = await BuildAsync("""<Equalizer deviceName="E" deviceRole="audioFX" loaded="false"><Enabled value="true"/></Equalizer>""");
        Assert.Equal(0, result.Setting("node:c1:device:1", "enabled")!.Value);
    }

    [Theory]
    [InlineData("linear", "-0.5", "", -0.5)]
    [InlineData("linear", "25", "min=\"-100\" max=\"100\"", 0.25)]
    [InlineData("linear", "0.25", "min=\"0\" max=\"1\"", -0.5)]
    [InlineData("normalized", "1", "min=\"0\" max=\"1\"", 1)]
    [InlineData("percent", "-50", "", -0.5)]
    [InlineData("normalized", "7", "", 1)]
    public async Task Pan_is_understood_in_every_range(string unit, string value, string range, double expected)
    {
        var result = await _folder.BuildXmlAsync(Xml.Project($"""<Channel id="c" destination="m"><Pan unit="{unit}" value="{value}" {range}/></Channel>""" + Xml.Master));
        Assert.Equal(expected, result.Setting("node:c:pan", "position")!.Value);
    }

    [Fact]
    public async Task Missing_state_is_reported_and_the_plugin_kept()
    {
        var result = await BuildAsync("""<Vst2Plugin deviceID="1234" deviceName="P" deviceRole="audioFX"><State path="plugins/none.fxp"/></Vst2Plugin>""");
        Assert.Empty(Assert.IsType<StackNode>(result.Node("node:c1:device:1")).Variants.Single().State);
        Assert.True(result.Reports(DawProjectReportKind.MissingDevice, "Vst2Plugin", "not in the archive"));
    }

    private Task<DawProjectGraphResult> BuildAsync(string devices, string lanes = "") =>
        _folder.BuildXmlAsync(Xml.Project(Xml.AudioTrack.Replace("<Mute", $"<Devices>{devices}</Devices><Mute", StringComparison.Ordinal) + Xml.Master, lanes));
}
