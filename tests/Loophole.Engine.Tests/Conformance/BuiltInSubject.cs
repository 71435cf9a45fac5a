using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Rendering;

namespace Loophole.Engine.Tests.Conformance;

/// <summary>A built-in processor with settings that make its state heard within a case.</summary>
internal sealed class BuiltInSubject(string kind, int seed) : ProcessorSubject
{
    private static readonly Dictionary<string, ParameterSetting[]> Settings = new()
    {
        ["delay"] = [new("time", 0.01)],
        ["latency"] = [new("frames", 333)],
        ["load"] = [new("operations", 20)],
        ["equalizer"] = [new("band1.type", 1), new("band2.type", 3)],
    };

    public override IProcessorFactory Factory { get; } = new BuiltInProcessors();

    public override GraphNode Node { get; } = new ProcessorNode { Id = $"node:{kind}", Processor = kind, Parameters = [.. Settings.GetValueOrDefault(kind, [])] };

    public override int Seed => seed;

    public override bool IsSource => kind is "tone" or "noise";

    public override int? TailFrames => kind switch
    {
        "fader" or "pan" or "meter" => 0,
        "latency" => 333,
        "limiter" => Factory.LatencyFrames(Node, Context.SampleRate),
        _ => null,
    };
}
