using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

/// <summary>Turns a subgraph plan into a <see cref="RenderPlan"/>, or says why it cannot be.</summary>
internal sealed class RenderPlanCompiler
{
    /// <summary>Runs start at multiples of this many samples: a cache line of 64 bytes.</summary>
    private const int RunAlignment = 16;

    private readonly SubgraphPlan _plan;
    private readonly IProcessorFactory _processors;
    private readonly int _stride;
    private readonly SignalTable _signals;
    private int _delayedChannels;
    private long _delaySamples;

    private RenderPlanCompiler(SubgraphPlan plan, IProcessorFactory processors)
    {
        _plan = plan;
        _processors = processors;
        _stride = (plan.BlockFrames + RunAlignment - 1) / RunAlignment * RunAlignment;
        _signals = new SignalTable(_stride);
    }

    /// <summary>Compiles.</summary>
    /// <exception cref="RenderException">The plan contradicts itself or asks for what is not here; the message names step, signal or node.</exception>
    public static RenderPlan Compile(SubgraphPlan plan, IProcessorFactory processors)
    {
        PlanShapeCheck.Check(plan);
        var compiler = new RenderPlanCompiler(plan, processors);
        compiler.FollowSignals();
        return compiler.Build();
    }

    private void FollowSignals()
    {
        foreach (var input in _plan.Inputs)
        {
            _signals.Make(input, SignalTable.BeforeSteps, "The plan's inputs");
        }

        for (var i = 0; i < _plan.Steps.Length; i++)
        {
            var step = _plan.Steps[i];
            var name = $"Step '{step.Id}'";
            if (step is SumStep sum)
            {
                foreach (var input in sum.Inputs)
                {
                    CountDelay(_signals.Read(input.SignalId, i, name), input.DelayFrames);
                }
            }
            else if (step is ChannelStep { InputSignalId: { } input })
            {
                _signals.Read(input, i, name);
            }

            _signals.Make(step.Output, i, name);
            foreach (var tap in Taps(step))
            {
                _signals.Make(tap, i, name);
            }
        }

        foreach (var output in _plan.Outputs)
        {
            _signals.Keep(output);
        }
    }

    private RenderPlan Build()
    {
        var inputs = ImmutableArray.CreateBuilder<SignalSlot>(_plan.Inputs.Length);
        foreach (var input in _plan.Inputs)
        {
            inputs.Add(_signals.Take(input));
            _signals.GiveBack(input.Id, SignalTable.BeforeSteps);
        }

        var steps = ImmutableArray.CreateBuilder<RenderStep>(_plan.Steps.Length);
        for (var i = 0; i < _plan.Steps.Length; i++)
        {
            steps.Add(_plan.Steps[i] is SumStep sum ? BuildSum(sum, i) : BuildChannel((ChannelStep)_plan.Steps[i], i));
            _signals.GiveBack(_plan.Steps[i].Output.Id, i);
            foreach (var tap in Taps(_plan.Steps[i]))
            {
                _signals.GiveBack(tap.Id, i);
            }
        }

        var outputs = ImmutableArray.CreateBuilder<SignalSlot>(_plan.Outputs.Length);
        foreach (var output in _plan.Outputs)
        {
            outputs.Add(_signals.SlotOf(output.Id));
        }

        var delayed = _signals.TakeNew(_delayedChannels);
        var spare = _signals.TakeNew(1);
        if ((_signals.SampleCount + _delaySamples) * sizeof(float) > RenderLimits.MaxMemoryBytes)
        {
            throw new RenderException(RenderError.BadPlan, $"The plan's signals and edge delays need more than {RenderLimits.MaxMemoryBytes} bytes.");
        }

        var compiled = steps.MoveToImmutable();
        return new RenderPlan(
            _plan,
            new SignalMemoryShape(_stride, (int)_signals.SampleCount, delayed, spare),
            inputs.MoveToImmutable(),
            outputs.MoveToImmutable(),
            compiled);
    }

    private SumRenderStep BuildSum(SumStep sum, int index)
    {
        var inputs = ImmutableArray.CreateBuilder<SumRenderInput>(sum.Inputs.Length);
        foreach (var input in sum.Inputs)
        {
            inputs.Add(new SumRenderInput(_signals.SlotOf(input.SignalId), input.DelayFrames));
        }

        if (!StartsInPlace(sum) || !_signals.TryInherit(sum.Output, sum.Inputs[0].SignalId, index))
        {
            _signals.Take(sum.Output);
        }

        foreach (var input in sum.Inputs)
        {
            _signals.GiveBack(input.SignalId, index);
        }

        return new SumRenderStep(_signals.SlotOf(sum.Output.Id), inputs.MoveToImmutable());
    }

    private ChannelRenderStep BuildChannel(ChannelStep channel, int index)
    {
        SignalSlot? input = channel.InputSignalId is { } read ? _signals.SlotOf(read) : null;
        if (channel.InputSignalId is not { } inherited || !_signals.TryInherit(channel.Output, inherited, index))
        {
            _signals.Take(channel.Output);
        }

        var nodes = ImmutableArray.CreateBuilder<RenderNode>();
        foreach (var item in channel.Nodes)
        {
            // A stack whose active variant cannot be had here passes audio through; hosting plugins is not this renderer's.
            if (item.Node is not StackNode)
            {
                SignalSlot? tap = item.Tap is { } made ? _signals.Take(made) : null;
                nodes.Add(NodeCompiler.Compile(item, tap, _processors));
            }
        }

        if (channel.InputSignalId is { } done)
        {
            _signals.GiveBack(done, index);
        }

        return new ChannelRenderStep(_signals.SlotOf(channel.Output.Id), input, nodes.ToImmutable(), channel.Notes);
    }

    /// <summary>Whether the first input may turn into the sum: it is not delayed, and not needed again unchanged.</summary>
    private static bool StartsInPlace(SumStep sum)
    {
        for (var i = 1; i < sum.Inputs.Length; i++)
        {
            if (sum.Inputs[i].SignalId == sum.Inputs[0].SignalId)
            {
                return false;
            }
        }

        return sum.Inputs[0].DelayFrames == 0;
    }

    private static IEnumerable<PlanSignal> Taps(PlanStep step)
    {
        if (step is ChannelStep channel)
        {
            foreach (var item in channel.Nodes)
            {
                if (item.Tap is { } tap)
                {
                    yield return tap;
                }
            }
        }
    }

    private void CountDelay(int audioChannels, int delayFrames)
    {
        if (delayFrames > 0)
        {
            _delayedChannels = Math.Max(_delayedChannels, audioChannels);
            _delaySamples += (long)audioChannels * delayFrames;
        }
    }
}
