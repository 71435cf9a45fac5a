using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

/// <summary>Small plans and their rendering, for tests of one thing.</summary>
internal static class PlanBuilder
{
    public static SubgraphPlan Plan(PlanSignal[] inputs, PlanSignal[] outputs, params PlanStep[] steps) => new()
    {
        Id = "plan",
        SampleRate = 48_000,
        BlockFrames = 64,
        Inputs = [.. inputs],
        Outputs = [.. outputs],
        Steps = [.. steps],
    };

    public static SumStep Sum(PlanSignal output, params SumInput[] inputs) => new() { Id = $"sum:{output.Id}", Output = output, Inputs = [.. inputs] };

    public static ChannelStep Channel(PlanSignal output, int? input, params PlanNode[] nodes) => new()
    {
        Id = $"channel:{output.Id}",
        ChannelId = $"channel:{output.Id}",
        Output = output,
        InputSignalId = input,
        Nodes = [.. nodes],
    };

    public static PlanNode Node(string id, string kind, int latency = 0, params ParameterSetting[] parameters) =>
        new(new ProcessorNode { Id = id, Processor = kind, Parameters = [.. parameters] }, latency);

    public static ParameterSetting Automated(string name, params AutomationPoint[] points) =>
        new(name, 0) { Automation = points.ToImmutableArray() };

    public static IRenderer Create(SubgraphPlan plan, IProcessorFactory? processors = null) =>
        new EngineRendererFactory(processors ?? new TestProcessorFactory()).Create(plan, new NoMedia());

    /// <summary>Renders one block.</summary>
    /// <returns>One array of interleaved samples per plan output.</returns>
    public static float[][] Render(IRenderer renderer, int frameCount, params float[][] inputs)
    {
        var outputs = renderer.Plan.Outputs.Select(output => new float[frameCount * output.AudioChannels]).ToArray();
        renderer.Render(
            frameCount,
            [.. inputs.Select(samples => (ReadOnlyMemory<float>)samples)],
            [.. outputs.Select(samples => samples.AsMemory())]);
        return outputs;
    }
}
