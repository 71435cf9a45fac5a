using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A small stateful renderer: every Channel is a one-pole filter with a generator of its own, which runs with project time. Delays are not carried out.
/// A parameter called "add" adds its value to the Channel's generator.</summary>
internal sealed class FakeRenderer : ILiveRenderer
{
    private const int Widest = 64;

    private readonly FakeRenderers _owner;
    private readonly float[] _state;
    private readonly int[] _numbers;

    // By number: looking into a dictionary of tuples can allocate the first times, and this one may be in a guarded callback.
    private readonly float[][] _signals;
    private readonly int[] _widths;

    // Replaced as a whole: another thread may be rendering.
    private volatile RenderEvent[] _events = [];

    public FakeRenderer(SubgraphPlan plan, FakeRenderers owner)
    {
        (Plan, _owner) = (plan, owner);
        _state = new float[plan.Steps.Length * Widest];
        _numbers = [.. plan.Steps.Select(step => step.Id.Sum(c => (int)c))];
        var made = plan.Steps.Select(step => step.Output).Concat(Taps(plan).Select(tap => tap.Tap)).Concat(plan.Inputs).ToArray();
        _signals = new float[made.Max(signal => signal.Id) + 1][];
        _widths = new int[_signals.Length];
        foreach (var signal in made)
        {
            (_signals[signal.Id], _widths[signal.Id]) = (new float[plan.BlockFrames * signal.AudioChannels], signal.AudioChannels);
        }

        foreach (var (step, tap) in Taps(plan))
        {
            _signals[tap.Id] = _signals[step.Output.Id];
        }
    }

    public SubgraphPlan Plan { get; }

    public long Position { get; private set; }

    public IReadOnlyList<RenderEvent> Events => _events;

    public bool IsDisposed { get; private set; }

    public void Apply(RenderEvent change)
    {
        if (change.Frame < Position || (_events.Length > 0 && (change.Frame, change.Sequence).CompareTo((_events[^1].Frame, _events[^1].Sequence)) <= 0))
        {
            throw new ArgumentException($"Event ({change.Frame}, {change.Sequence}) comes too late at {Position}.", nameof(change));
        }

        _events = [.. _events, change];
    }

    public void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _owner.BeforeRender(this, frameCount);
        for (var input = 0; input < inputs.Length; input++)
        {
            inputs[input].Span.CopyTo(_signals[Plan.Inputs[input].Id]);
        }

        for (var step = 0; step < Plan.Steps.Length; step++)
        {
            Execute(Plan.Steps[step], _numbers[step], _state.AsSpan(step * Widest, Widest), frameCount);
        }

        for (var output = 0; output < outputs.Length; output++)
        {
            _signals[Plan.Outputs[output].Id].AsSpan(0, outputs[output].Length).CopyTo(outputs[output].Span);
        }

        Position += frameCount;
    }

    public void Save(IBufferWriter<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination.GetSpan(8), Position);
        destination.Advance(8);
        destination.Write(MemoryMarshal.AsBytes(_state.AsSpan()));
    }

    public void Restore(long position, ReadOnlySpan<byte> checkpoint)
    {
        if (checkpoint.Length != 8 + (_state.Length * 4) || BinaryPrimitives.ReadInt64LittleEndian(checkpoint) != position)
        {
            throw new RenderException(RenderError.BadCheckpoint, "not mine");
        }

        checkpoint[8..].CopyTo(MemoryMarshal.AsBytes(_state.AsSpan()));
        Position = position;
    }

    public void Dispose()
    {
        Assert.False(IsDisposed, "A renderer is disposed once.");
        IsDisposed = true;
        _owner.Disposed();
    }

    private static IEnumerable<(PlanStep Step, PlanSignal Tap)> Taps(SubgraphPlan plan) =>
        plan.Steps.OfType<ChannelStep>().SelectMany(step => step.Nodes.Where(node => node.Tap is not null).Select(node => ((PlanStep)step, node.Tap!.Value)));

    private void Execute(PlanStep step, int number, Span<float> state, int frames)
    {
        var (samples, width) = (_signals[step.Output.Id], _widths[step.Output.Id]);
        var events = _events;
        for (var frame = 0; frame < frames; frame++)
        {
            var segment = LastSegment(events, Position + frame);
            if (segment is { ResetsState: true } && segment.Frame == Position + frame)
            {
                state.Clear();
            }

            var project = segment is null ? 0 : segment.ProjectFrame + (segment.IsPlaying ? Position + frame - segment.Frame : 0);
            var added = step is ChannelStep adding ? Added(adding, events, Position + frame) : 0;
            for (var c = 0; c < width; c++)
            {
                var value = 0f;
                if (step is SumStep sum)
                {
                    foreach (var input in sum.Inputs)
                    {
                        value += Read(input.SignalId, frame, c);
                    }
                }
                else
                {
                    var channel = (ChannelStep)step;
                    value = (channel.InputSignalId is { } id ? Read(id, frame, c) : 0) + ((project * number % 1009) / 1009f) + added;
                    value = state[c] = (0.7f * state[c]) + (0.3f * value);
                }

                samples[(frame * width) + c] = value;
            }
        }
    }

    private static TransportEvent? LastSegment(RenderEvent[] events, long frame)
    {
        for (var at = events.Length - 1; at >= 0; at--)
        {
            if (events[at] is TransportEvent segment && segment.Frame <= frame)
            {
                return segment;
            }
        }

        return null;
    }

    private static float Added(ChannelStep channel, RenderEvent[] events, long frame)
    {
        for (var at = events.Length - 1; at >= 0; at--)
        {
            if (events[at] is ParameterEvent change && change.Frame <= frame && Holds(channel, change.NodeId))
            {
                return (float)(change.Value ?? 0);
            }
        }

        return 0;
    }

    private static bool Holds(ChannelStep channel, string nodeId)
    {
        foreach (var node in channel.Nodes)
        {
            if (node.Node.Id == nodeId)
            {
                return true;
            }
        }

        return false;
    }

    private float Read(int signal, int frame, int channel)
    {
        var width = _widths[signal];
        return _signals[signal][(frame * width) + (channel % width)];
    }
}
