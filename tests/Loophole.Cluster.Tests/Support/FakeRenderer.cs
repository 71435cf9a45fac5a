using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A small stateful renderer: every Channel is a one-pole filter with a generator of its own, which runs with project time.
/// A parameter called "add" adds its value to the Channel's generator, and so do all messages so far that are heard or of a take of notes; clips have none here. A take is heard as it is.</summary>
internal sealed class FakeRenderer : ILiveRenderer
{
    // A Channel's state: one sample for each audio channel, and what its notes have come to. A sum's: what it delays.
    private const int Widest = 4;
    private const int NotesAt = Widest;

    // Of a step in a checkpoint: position, name, how many floats follow.
    private const int HeadBytes = 16;

    private readonly FakeRenderers _owner;
    private readonly float[] _state;
    private readonly int[] _stateAt;
    private readonly int[] _numbers;
    private readonly float[][] _takes;

    // By number: looking into a dictionary of tuples can allocate the first times, and this one may be in a guarded callback.
    private readonly float[][] _signals;
    private readonly int[] _widths;

    // Replaced as a whole: another thread may be rendering.
    private volatile RenderEvent[] _events = [];
    private readonly MidiMessage[] _heard = new MidiMessage[ILiveRenderer.MaxHeard];
    private int _heardCount;

    public FakeRenderer(SubgraphPlan plan, FakeRenderers owner, IMediaStore media)
    {
        (Plan, _owner) = (plan, owner);
        _stateAt = new int[plan.Steps.Length + 1];
        for (var step = 0; step < plan.Steps.Length; step++)
        {
            _stateAt[step + 1] = _stateAt[step] + StateOf(plan.Steps[step]);
        }

        _state = new float[_stateAt[^1]];
        _takes = [.. plan.Steps.Select(step => step is ChannelStep { Nodes: [{ Node: LaneStreamNode { IsTake: true, Regions: [var take] } }] } ? ReadTake(media, take.Media) : [])];
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
            Execute(step, _state.AsSpan(_stateAt[step].._stateAt[step + 1]), frameCount);
        }

        for (var output = 0; output < outputs.Length; output++)
        {
            _signals[Plan.Outputs[output].Id].AsSpan(0, outputs[output].Length).CopyTo(outputs[output].Span);
        }

        Position += frameCount;
        _heardCount = 0;
    }

    public void Hear(ReadOnlySpan<MidiMessage> messages)
    {
        messages.CopyTo(_heard);
        _heardCount = messages.Length;
    }

    public void Save(IBufferWriter<byte> destination)
    {
        for (var step = 0; step < Plan.Steps.Length; step++)
        {
            var head = destination.GetSpan(HeadBytes);
            BinaryPrimitives.WriteInt64LittleEndian(head, Position);
            BinaryPrimitives.WriteInt32LittleEndian(head[8..], NameOf(step));
            BinaryPrimitives.WriteInt32LittleEndian(head[12..], _stateAt[step + 1] - _stateAt[step]);
            destination.Advance(HeadBytes);
            destination.Write(MemoryMarshal.AsBytes(_state.AsSpan()[_stateAt[step].._stateAt[step + 1]]));
        }
    }

    public void Restore(long position, ReadOnlySpan<byte> checkpoint)
    {
        var missing = Enumerable.Range(0, Plan.Steps.Length).ToDictionary(NameOf);
        while (checkpoint.Length > 0)
        {
            var length = checkpoint.Length < HeadBytes || BinaryPrimitives.ReadInt64LittleEndian(checkpoint) != position ? -1 : BinaryPrimitives.ReadInt32LittleEndian(checkpoint[12..]);
            if (length < 0 || length > (checkpoint.Length - HeadBytes) / sizeof(float))
            {
                throw new RenderException(RenderError.BadCheckpoint, "not mine");
            }

            var bytes = checkpoint.Slice(HeadBytes, length * sizeof(float));
            if (missing.Remove(BinaryPrimitives.ReadInt32LittleEndian(checkpoint[8..]), out var step))
            {
                bytes.CopyTo(MemoryMarshal.AsBytes(_state.AsSpan()[_stateAt[step].._stateAt[step + 1]]));
            }

            checkpoint = checkpoint[(HeadBytes + bytes.Length)..];
        }

        if (missing.Count > 0)
        {
            throw new RenderException(RenderError.BadCheckpoint, "not all of it is mine");
        }

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

    private int NameOf(int step) => Plan.Steps[step].Id.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));

    private static int StateOf(PlanStep step) => step is SumStep sum ? sum.Inputs.Sum(input => input.DelayFrames * Widest) : Widest + 1;

    private static float[] ReadTake(IMediaStore media, MediaId id)
    {
        using var content = media.Open(id);
        var samples = new float[content.Length / sizeof(float)];
        content.Read(0, MemoryMarshal.AsBytes(samples.AsSpan()));
        return samples;
    }

    private void Execute(int at, Span<float> state, int frames)
    {
        var (step, number, take) = (Plan.Steps[at], _numbers[at], _takes[at]);
        var (samples, width) = (_signals[step.Output.Id], _widths[step.Output.Id]);
        var events = _events;
        for (var frame = 0; frame < frames; frame++)
        {
            var segment = LastSegment(events, Position + frame);
            if (segment is { ResetsState: true } && segment.Frame == Position + frame && step is ChannelStep)
            {
                state.Clear();
            }

            var project = segment is null ? 0 : segment.ProjectFrame + (segment.IsPlaying ? Position + frame - segment.Frame : 0);
            var added = step is ChannelStep adding ? Added(adding, events, Position + frame) + Played(adding.Notes, state, Position + frame) : 0;
            for (var c = 0; c < width; c++)
            {
                var value = 0f;
                if (step is SumStep sum)
                {
                    var delayed = 0;
                    foreach (var input in sum.Inputs)
                    {
                        value += input.DelayFrames == 0 ? Read(input.SignalId, frame, c) : Delay(state.Slice(delayed, input.DelayFrames * Widest), input, frame, c);
                        delayed += input.DelayFrames * Widest;
                    }
                }
                else if (take.Length > 0)
                {
                    value = (Position + frame) * width < take.Length ? take[((Position + frame) * width) + c] : 0;
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

    private float Delay(Span<float> memory, SumInput input, int frame, int channel)
    {
        ref var kept = ref memory[((int)((Position + frame) % input.DelayFrames) * Widest) + channel];
        var value = kept;
        kept = Read(input.SignalId, frame, channel);
        return value;
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

    /// <summary>What the messages come to; each counts, and their order does.</summary>
    private float Played(StepNotes? notes, Span<float> state, long frame)
    {
        if (notes is null)
        {
            return 0;
        }

        foreach (ref readonly var message in notes.Take.AsSpan())
        {
            if (message.Frame == frame)
            {
                Play(message, state);
            }
        }

        foreach (ref readonly var message in _heard.AsSpan(0, notes.HearsDevice ? _heardCount : 0))
        {
            if (message.Frame == frame && (notes.MidiChannel ?? message.MidiChannel) == message.MidiChannel)
            {
                Play(message, state);
            }
        }

        return state[NotesAt];

        static void Play(in MidiMessage message, Span<float> state) => state[NotesAt] = (0.5f * state[NotesAt]) + ((message.Status + (3 * message.Data1) + message.Data2) / 1024f);
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
