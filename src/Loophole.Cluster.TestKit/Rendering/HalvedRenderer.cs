using System.Buffers;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>Renders a plan by two renderers, of which the second has the steps from some place on.</summary>
internal sealed class HalvedRenderer : IRenderer
{
    private readonly IRenderer _first;
    private readonly IRenderer _second;

    /// <param name="subject">Makes the renderers.</param>
    /// <param name="steps">How many steps the first one has: 1 to one less than all.</param>
    public HalvedRenderer(RendererSubject subject, int steps)
    {
        Plan = subject.Plan;
        _first = subject.Factory.Create(Cut("first", Plan.Steps[..steps], Plan.Steps[steps..]), subject.Media);
        _second = subject.Factory.Create(Cut("second", Plan.Steps[steps..], Plan.Steps[..steps]), subject.Media);
    }

    public SubgraphPlan Plan { get; }

    public long Position => _second.Position;

    public void Apply(RenderEvent change)
    {
        _first.Apply(change);
        _second.Apply(change);
    }

    public void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        var signals = new Dictionary<int, ReadOnlyMemory<float>>();
        for (var input = 0; input < inputs.Length; input++)
        {
            signals[Plan.Inputs[input].Id] = inputs[input];
        }

        foreach (var half in (IRenderer[])[_first, _second])
        {
            Memory<float>[] made = [.. half.Plan.Outputs.Select(signal => new float[frameCount * signal.AudioChannels])];
            half.Render(frameCount, [.. half.Plan.Inputs.Select(signal => signals[signal.Id])], made);
            foreach (var (signal, samples) in half.Plan.Outputs.Zip(made))
            {
                signals[signal.Id] = samples;
            }
        }

        for (var output = 0; output < outputs.Length; output++)
        {
            signals[Plan.Outputs[output].Id].CopyTo(outputs[output]);
        }
    }

    public void Save(IBufferWriter<byte> destination)
    {
        _second.Save(destination);
        _first.Save(destination);
    }

    public void Restore(long position, ReadOnlySpan<byte> checkpoint)
    {
        _first.Restore(position, checkpoint);
        _second.Restore(position, checkpoint);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private SubgraphPlan Cut(string half, IReadOnlyList<PlanStep> steps, IReadOnlyList<PlanStep> others)
    {
        var made = steps.SelectMany(MadeBy).ToArray();
        var read = steps.SelectMany(ReadBy).Except(made.Select(signal => signal.Id)).ToHashSet();
        var readElsewhere = others.SelectMany(ReadBy).Concat(Plan.Outputs.Select(signal => signal.Id)).ToHashSet();
        return Plan with
        {
            Id = $"{Plan.Id} ({half} half)",
            Steps = [.. steps],
            Inputs = [.. Plan.Inputs.Concat(others.SelectMany(MadeBy)).Where(signal => read.Contains(signal.Id))],
            Outputs = [.. made.Where(signal => readElsewhere.Contains(signal.Id))],
        };
    }

    private static IEnumerable<int> ReadBy(PlanStep step) => step switch
    {
        SumStep sum => sum.Inputs.Select(input => input.SignalId),
        ChannelStep { InputSignalId: { } input } => [input],
        _ => [],
    };

    private static IEnumerable<PlanSignal> MadeBy(PlanStep step) =>
        (step as ChannelStep)?.Nodes.Where(node => node.Tap is not null).Select(node => node.Tap!.Value).Append(step.Output) ?? [step.Output];
}
