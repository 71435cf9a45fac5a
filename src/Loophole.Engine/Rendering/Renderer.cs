using System.Collections.Immutable;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Timeline;

namespace Loophole.Engine.Rendering;

/// <summary>Executes a compiled plan.</summary>
internal sealed partial class Renderer : ILiveRenderer, IMeteredRenderer
{
    private readonly RenderPlan _plan;
    private readonly TransportTimeline _timeline = new();
    private readonly HeardNotes _heard = new();
    private readonly RenderMachine _machine;
    private readonly Dictionary<string, NodeRunner> _nodes = [];
    private readonly IMeterSource[] _meters;
    private (long Frame, long Sequence) _lastEvent = (-1, 0);
    private bool _isTorn;
    private bool _isDisposed;

    public Renderer(RenderPlan plan, IProcessorFactory processors, IMediaStore media)
    {
        _plan = plan;
        _machine = new RenderMachine(plan, processors, media, _timeline, _heard);
        foreach (var node in _machine.Nodes)
        {
            _nodes.Add(node.Id, node);
        }

        ProcessorRunner[] metered = [.. _machine.Nodes.OfType<ProcessorRunner>().Where(node => node.Meter is not null)];
        _meters = [.. metered.Select(node => node.Meter!)];
        Meters = [.. metered.Select(node => new MeterDescriptor(node.Id, node.Meter!.AudioChannels))];
    }

    /// <inheritdoc/>
    public SubgraphPlan Plan => _plan.Source;

    /// <inheritdoc/>
    public long Position { get; private set; }

    /// <inheritdoc/>
    public ImmutableArray<MeterDescriptor> Meters { get; }

    /// <inheritdoc/>
    public void Apply(RenderEvent change)
    {
        ArgumentNullException.ThrowIfNull(change);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var place = (change.Frame, change.Sequence);
        if (change.Frame < Position || change.Frame > RenderLimits.MaxFrame)
        {
            throw new ArgumentException($"The event is at render frame {change.Frame}; rendering has come to {Position}.", nameof(change));
        }

        if (place.CompareTo(_lastEvent) <= 0)
        {
            throw new ArgumentException($"Event {place} came after event {_lastEvent}; events come in the order (frame, sequence).", nameof(change));
        }

        switch (change)
        {
            case TransportEvent transport:
                Apply(transport);
                break;
            case ParameterEvent parameter:
                Apply(parameter);
                break;
            default:
                throw new ArgumentException($"Events of kind {change.GetType().Name} are not known here.", nameof(change));
        }

        _lastEvent = place;
    }

    /// <inheritdoc/>
    public void Render(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        ThrowIfUnusable();
        CheckShape(frameCount, inputs, outputs);
        for (var i = 0; i < inputs.Length; i++)
        {
            Interleaving.Split(inputs[i].Span, _machine.Memory.View(_plan.Inputs[i], frameCount));
        }

        _isTorn = true;
        _machine.Run(Position, frameCount);
        _isTorn = false;
        _heard.Clear();
        for (var i = 0; i < outputs.Length; i++)
        {
            Interleaving.Join(_machine.Memory.View(_plan.Outputs[i], frameCount), outputs[i].Span);
        }

        Position += frameCount;
    }

    /// <inheritdoc/>
    public void Hear(ReadOnlySpan<MidiMessage> messages)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _heard.Set(messages);
    }

    /// <inheritdoc/>
    public bool TryTakeWindow(int meter, Span<MeterReading> readings, out long startFrame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)meter, (uint)_meters.Length, nameof(meter));
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _meters[meter].TryTake(readings, out startFrame);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _machine.Dispose();
        }
    }

    private void Apply(TransportEvent change)
    {
        if (change.ProjectFrame is < -RenderLimits.MaxFrame or > RenderLimits.MaxFrame)
        {
            throw new ArgumentException($"The event goes to project frame {change.ProjectFrame}, which is beyond any length.", nameof(change));
        }

        _timeline.Add(change);
    }

    private void Apply(ParameterEvent change)
    {
        if (change.Value is { } value && !double.IsFinite(value))
        {
            throw new ArgumentException($"The event sets '{change.Parameter}' of node '{change.NodeId}' to {value}.", nameof(change));
        }

        if (change.RampFrames is < 0 or > RenderLimits.MaxFrame)
        {
            throw new ArgumentException($"The event moves '{change.Parameter}' of node '{change.NodeId}' over {change.RampFrames} frames.", nameof(change));
        }

        if (_nodes.TryGetValue(change.NodeId, out var node))
        {
            node.Apply(change, node.FindParameter(change.Parameter));
        }
    }

    private void CheckShape(int frameCount, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameCount, Plan.BlockFrames);
        if (inputs.Length != _plan.Inputs.Length || outputs.Length != _plan.Outputs.Length)
        {
            throw new ArgumentException(
                $"The plan has {_plan.Inputs.Length} inputs and {_plan.Outputs.Length} outputs, not {inputs.Length} and {outputs.Length}.");
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            CheckLength(inputs[i].Length, frameCount, Plan.Inputs[i], nameof(inputs));
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            CheckLength(outputs[i].Length, frameCount, Plan.Outputs[i], nameof(outputs));
        }
    }

    private static void CheckLength(int length, int frameCount, PlanSignal signal, string parameter)
    {
        if (length != frameCount * signal.AudioChannels)
        {
            throw new ArgumentException($"Signal {signal.Id} has {frameCount} frames of {signal.AudioChannels} samples, not {length} samples.", parameter);
        }
    }

    /// <summary>A render that threw half-way left some nodes a block ahead of others; only a checkpoint makes that whole.</summary>
    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isTorn)
        {
            throw new InvalidOperationException("An earlier block could not be rendered; restore a checkpoint or make a new renderer.");
        }
    }
}
