using System.Buffers;
using System.Collections.Concurrent;
using Loophole.Cluster.Links;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Signals;

/// <summary>A deployed subgraph: renders a block when its inputs are there, its outputs have room, and the frames are below the horizon.</summary>
internal sealed class SubgraphRunner : ILinkSource, IDisposable
{
    private const int Free = 0;
    private const int Claimed = 1;

    /// <summary>Claimed, and somebody else was turned away.</summary>
    private const int Wanted = 2;

    private readonly SessionFormat _format;
    private readonly IRenderer _renderer;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<(long FromFrame, IReadOnlyCollection<RenderEvent> Events)> _posted = new();
    private readonly PriorityQueue<RenderEvent, (long Frame, long Sequence)> _coming = new();
    private readonly ReadOnlyMemory<float>[] _inputBlocks;
    private readonly Memory<float>[] _outputBlocks;
    private long _appliedBefore;
    private long _nextCheckpoint;
    private long _renderTicks;
    private int _claimed;
    private volatile bool _hasBegun;
    private volatile bool _isStopped;
    private volatile bool _hasLeft;

    public SubgraphRunner(DeployCommand command, IRenderer renderer, TimeProvider time)
    {
        (_format, _renderer, _time) = (command.Format, renderer, time);
        Command = command;
        Id = command.Route.SubgraphId;
        Epoch = command.Route.Epoch;
        var start = command.Route.StartFrame;
        Inputs = [.. command.Route.Inputs.Select(route => new InputPort(route.StreamId, command.IsInsert, new FrameRing(route.AudioChannels, _format.InputRingFrames, start)))];
        Outputs = [.. command.Route.Outputs.Select(route => new OutputPort(route.StreamId, new FrameRing(route.AudioChannels, _format.OutputRingFrames, start), _format.BlockFrames))];
        _inputBlocks = new ReadOnlyMemory<float>[Inputs.Length];
        _outputBlocks = new Memory<float>[Outputs.Length];
        _nextCheckpoint = start + _format.CheckpointFrames;
        Position = start;
        Meters = MeterTap.Of(renderer, _format, Epoch);
    }

    /// <summary>What was asked for.</summary>
    public DeployCommand Command { get; }

    public string Id { get; }

    public int Epoch { get; }

    /// <summary>Whether what is live waits for what it renders.</summary>
    public bool IsInsert => Command.IsInsert;

    public InputPort[] Inputs { get; }

    public OutputPort[] Outputs { get; }

    public CheckpointSlot Checkpoint { get; } = new();

    /// <summary>What its meters have measured, or <see langword="null"/> when nobody asked for that.</summary>
    public MeterTap? Meters { get; }

    /// <summary>Takes note of how long its blocks took, or <see langword="null"/>.</summary>
    public BlockTimes? Times { get; init; }

    public bool HasBegun => _hasBegun;

    /// <summary>Render frame of the next block. [any]</summary>
    public long Position { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    /// <summary>Up to where all that concerns this subgraph is known; less than what is known to others while a hand is on it. [any]</summary>
    public long KnownBefore { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); } = long.MaxValue;

    /// <summary>Why it stopped; set before <see cref="TryRun"/> reports a failure.</summary>
    public Exception? Failure { get; private set; }

    public long Blocks { get; private set; }

    public long Frames { get; private set; }

    public double RenderSeconds => (double)Interlocked.Read(ref _renderTicks) / _time.TimestampFrequency;

    /// <summary>Queues an event for the renderer, in any order, before its frame may be rendered. [control, events receiver]</summary>
    public void Post(RenderEvent change) => _posted.Enqueue((long.MaxValue, [change]));

    /// <summary>Replaces the events from a frame on, as far as they are not applied: those that are do not change, or are for others. [control]</summary>
    public void Revise(long fromFrame, IReadOnlyCollection<RenderEvent> events) => _posted.Enqueue((fromFrame, events));

    /// <summary>Starts, from a checkpoint unless it is empty. [state receiver]</summary>
    /// <exception cref="RenderException">The checkpoint does not fit.</exception>
    public void Begin(long position, ReadOnlySpan<byte> checkpoint)
    {
        if (_hasBegun || position != Position)
        {
            throw new RenderException(RenderError.BadCheckpoint, $"Subgraph {Id} is to begin at frame {position}, but was deployed for frame {Position}.");
        }

        // Nobody renders yet, so a claim that is taken means that the subgraph was stopped.
        if (Interlocked.Exchange(ref _claimed, Claimed) != Free)
        {
            return;
        }

        try
        {
            ApplyEvents(position);
            if (!checkpoint.IsEmpty)
            {
                _renderer.Restore(position, checkpoint);
            }

            _hasBegun = true;
        }
        finally
        {
            Volatile.Write(ref _claimed, Free);
        }
    }

    /// <summary>Lets it begin at another frame than it was deployed for. [whoever is to call <see cref="Begin"/>]</summary>
    public void BeginAt(long position)
    {
        foreach (var ring in Inputs.Select(input => input.Ring).Concat(Outputs.Select(output => output.Ring)))
        {
            ring.BeginAt(position);
        }

        (Position, _nextCheckpoint) = (position, position + _format.CheckpointFrames);
    }

    /// <summary>Writes what it remembers at <see cref="Position"/>. [whoever calls <see cref="TryRun"/>, if nobody else does]</summary>
    public void Save(IBufferWriter<byte> destination) => _renderer.Save(destination);

    /// <summary>Renders one block or saves a due checkpoint, if it can and nobody else is at it. [render thread]</summary>
    /// <returns>What was done. Whoever was told of something new and then was turned away does not come back: whoever is at it looks again.</returns>
    public RunResult TryRun(long limitFrame)
    {
        if (!_hasBegun || _isStopped || !TryClaim())
        {
            return RunResult.Nothing;
        }

        RunResult result;
        try
        {
            result = _isStopped ? RunResult.Nothing : Run(Math.Min(limitFrame, KnownBefore));
        }
        catch (Exception failure)
        {
            // Whatever a renderer throws ends this subgraph and is reported by name; the thread goes on with the others.
            Failure = failure;
            _isStopped = true;
            result = RunResult.Failed;
        }

        var wasWanted = Interlocked.Exchange(ref _claimed, Free) == Wanted;
        return wasWanted && result == RunResult.Nothing ? RunResult.Missed : result;
    }

    /// <summary>Writes nothing into a link any more: its streams are about to be closed. [control]</summary>
    public void Leave() => _hasLeft = true;

    /// <summary>Grants what it has read, and writes what it has rendered.</summary>
    public bool Write(IAudioLink link, ref int budgetBytes)
    {
        // Before the host's begin message the host does not know the streams yet.
        if (!_hasBegun || _hasLeft)
        {
            return false;
        }

        var wrote = false;
        foreach (var input in Inputs)
        {
            wrote |= input.Grant(link);
        }

        foreach (var output in Outputs)
        {
            wrote |= output.Send(link, ref budgetBytes);
        }

        return wrote;
    }

    /// <summary>Stops rendering and waits for a block under way. [control]</summary>
    public void Dispose()
    {
        _isStopped = true;
        var spin = new SpinWait();
        while (Interlocked.Exchange(ref _claimed, Claimed) != Free)
        {
            spin.SpinOnce();
        }

        _renderer.Dispose();
    }

    /// <summary>Claims it, or lets whoever is at it know that somebody wanted to.</summary>
    private bool TryClaim()
    {
        while (true)
        {
            if (Interlocked.CompareExchange(ref _claimed, Claimed, Free) == Free)
            {
                return true;
            }

            if (Interlocked.CompareExchange(ref _claimed, Wanted, Claimed) != Free)
            {
                return false;
            }
        }
    }

    private RunResult Run(long limitFrame)
    {
        if (SaveDueCheckpoint())
        {
            return RunResult.Saved;
        }

        var frames = NextFrames(limitFrame);
        if (IsOverdue || frames <= 0 || Position + frames > limitFrame || !TakeBlocks(frames))
        {
            return RunResult.Nothing;
        }

        ApplyEvents(Position + frames);
        var started = _time.GetTimestamp();
        _renderer.Render(frames, _inputBlocks, _outputBlocks);
        var took = _time.GetTimestamp() - started;
        Interlocked.Add(ref _renderTicks, took);
        Times?.Add((double)took / _time.TimestampFrequency * _format.SampleRate / frames);
        Position += frames;
        Blocks++;
        Frames += frames;
        foreach (var output in Outputs)
        {
            output.Ring.Publish(Position);
        }

        foreach (var input in Inputs)
        {
            input.Ring.Release(Position);
        }

        Meters?.Drain();
        return RunResult.Rendered;
    }

    /// <summary>A block of the grid; of an insert, what has come of it.</summary>
    private int NextFrames(long limitFrame)
    {
        var frames = Math.Min(_format.BlockFrames - (Position % _format.BlockFrames), _format.EndFrame - Position);
        if (IsInsert)
        {
            frames = Math.Min(frames, limitFrame - Position);
            foreach (var input in Inputs)
            {
                frames = Math.Min(frames, input.Ring.WriteFrame - Position);
            }
        }

        return (int)frames;
    }

    private void Forget(long fromFrame)
    {
        var kept = _coming.UnorderedItems.Where(item => item.Element.Frame < fromFrame).ToArray();
        _coming.Clear();
        _coming.EnqueueRange(kept);
    }

    /// <summary>Whether a checkpoint could not be saved for so long that the host will have no room left for what comes after the one before it: two periods, which is what it keeps.</summary>
    private bool IsOverdue => Position >= _nextCheckpoint + _format.CheckpointFrames && Position != _format.EndFrame && Checkpoint.IsFull;

    private bool SaveDueCheckpoint()
    {
        // Also without a block to render: the host frees inputs only behind a checkpoint.
        // Nor at the end, which needs no stand of its own and may lie inside a block of the grid.
        if (Position < _nextCheckpoint || Position == _format.EndFrame || Position % _format.BlockFrames != 0 || Checkpoint.IsFull)
        {
            return false;
        }

        Checkpoint.Fill(_renderer);
        _nextCheckpoint = Position + _format.CheckpointFrames;
        return true;
    }

    private bool TakeBlocks(int frames)
    {
        for (var input = 0; input < Inputs.Length; input++)
        {
            var ring = Inputs[input].Ring;
            if (ring.WriteFrame < Position + frames)
            {
                return false;
            }

            _inputBlocks[input] = ring.Memory(Position, frames);
        }

        for (var output = 0; output < Outputs.Length; output++)
        {
            var ring = Outputs[output].Ring;
            if (ring.WriteLimit < Position + frames)
            {
                return false;
            }

            _outputBlocks[output] = ring.Memory(Position, frames);
        }

        return true;
    }

    /// <summary>Hands the renderer what happens before a frame; what comes later may still have to wait for something earlier.</summary>
    private void ApplyEvents(long beforeFrame)
    {
        while (_posted.TryDequeue(out var posted))
        {
            var isRevision = posted.FromFrame < long.MaxValue;
            if (isRevision)
            {
                Forget(posted.FromFrame);
            }

            foreach (var change in posted.Events)
            {
                if (!isRevision || change.Frame >= _appliedBefore)
                {
                    _coming.Enqueue(change, (change.Frame, change.Sequence));
                }
            }
        }

        while (_coming.TryPeek(out var next, out _) && next.Frame < beforeFrame)
        {
            _renderer.Apply(_coming.Dequeue());
        }

        _appliedBefore = beforeFrame;
    }
}
