using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A small stateful renderer: every Channel is a one-pole filter with a generator of its own, which runs with project time. Delays are not carried out.
/// A parameter called "add" adds its value to the Channel's generator.</summary>
internal sealed class FakeRenderer(SubgraphPlan plan, FakeRenderers owner) : IRenderer
{
    private readonly float[] _state = new float[plan.Steps.Length * 64];
    private readonly Dictionary<int, (float[] Samples, int Channels)> _signals = [];

    public SubgraphPlan Plan => plan;

    public long Position { get; private set; }

    public List<RenderEvent> Events { get; } = [];

    public bool IsDisposed { get; private set; }

    public void Apply(RenderEvent change)
    {
        if (change.Frame < Position || (Events.Count > 0 && (change.Frame, change.Sequence).CompareTo((Events[^1].Frame, Events[^1].Sequence)) <= 0))
        {
            throw new ArgumentException($"Event ({change.Frame}, {change.Sequence}) comes too late at {Position}.", nameof(change));
        }

        Events.Add(change);
    }

    public void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        owner.BeforeRender(this, frameCount);
        for (var input = 0; input < inputs.Length; input++)
        {
            _signals[plan.Inputs[input].Id] = (inputs[input].ToArray(), plan.Inputs[input].AudioChannels);
        }

        for (var step = 0; step < plan.Steps.Length; step++)
        {
            Execute(plan.Steps[step], _state.AsSpan(step * 64, 64), frameCount);
        }

        for (var output = 0; output < outputs.Length; output++)
        {
            _signals[plan.Outputs[output].Id].Samples.CopyTo(outputs[output].Span);
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
        owner.Disposed();
    }

    private void Execute(PlanStep step, Span<float> state, int frames)
    {
        var width = step.Output.AudioChannels;
        var samples = new float[frames * width];
        var number = step.Id.Sum(c => (int)c);
        for (var frame = 0; frame < frames; frame++)
        {
            var segment = Events.OfType<TransportEvent>().LastOrDefault(change => change.Frame <= Position + frame);
            if (segment is { ResetsState: true } && segment.Frame == Position + frame)
            {
                state.Clear();
            }

            var project = segment is null ? 0 : segment.ProjectFrame + (segment.IsPlaying ? Position + frame - segment.Frame : 0);
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
                    value = (channel.InputSignalId is { } id ? Read(id, frame, c) : 0) + ((project * number % 1009) / 1009f) + Added(step, Position + frame);
                    value = state[c] = (0.7f * state[c]) + (0.3f * value);
                }

                samples[(frame * width) + c] = value;
            }
        }

        foreach (var tap in step is ChannelStep taps ? taps.Nodes.Where(node => node.Tap is not null).Select(node => node.Tap!.Value) : [])
        {
            _signals[tap.Id] = (samples, width);
        }

        _signals[step.Output.Id] = (samples, width);
    }

    private float Added(PlanStep step, long frame) =>
        step is ChannelStep channel && Events.OfType<ParameterEvent>().LastOrDefault(change => change.Frame <= frame && channel.Nodes.Any(node => node.Node.Id == change.NodeId)) is { Value: { } value }
            ? (float)value
            : 0;

    private float Read(int signal, int frame, int channel)
    {
        var (samples, channels) = _signals[signal];
        return samples[(frame * channels) + (channel % channels)];
    }
}
