using System.Buffers;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Signals;

namespace Loophole.Cluster.Hub;

/// <summary>Renders a subgraph in the host while it is on its way from one place to another: into and out of the signals themselves, and never beyond what it is told. One caller at a time.</summary>
internal sealed class HubBridge
{
    private readonly SubgraphRunner _runner;
    private readonly (HubSignal Signal, FrameRing Ring)[] _inputs;
    private readonly (HubSignal Signal, FrameRing Ring)[] _outputs;
    private readonly HubReader[] _readers;

    /// <param name="runner">Renders it.</param>
    /// <param name="signals">All that it reads and makes. What was read for this subgraph before is read here now.</param>
    public HubBridge(SubgraphRunner runner, IReadOnlyDictionary<int, HubSignal> signals)
    {
        _runner = runner;
        var route = runner.Command.Route;
        _inputs = [.. route.Inputs.Zip(runner.Inputs, (stream, port) => (signals[stream.SignalId], port.Ring))];
        _outputs = [.. route.Outputs.Zip(runner.Outputs, (stream, port) => (signals[stream.SignalId], port.Ring))];
        _readers = [.. _inputs.Select(_ => new HubReader(runner.Id, runner.Position, static () => { }))];
        foreach (var (input, reader) in _inputs.Zip(_readers))
        {
            input.Signal.Replace(reader);
        }
    }

    /// <summary>Renders it.</summary>
    public SubgraphRunner Runner => _runner;

    /// <summary>Render frame of the next block.</summary>
    public long Position => _runner.Position;

    /// <summary>Whether all that it makes is there beyond what it has made: somebody else makes it now.</summary>
    public bool IsOvertaken => Array.TrueForAll(_outputs, output => output.Signal.Ring.WriteFrame > Position);

    /// <summary>Lets it begin at a frame, from a checkpoint.</summary>
    /// <exception cref="Rendering.RenderException">The checkpoint does not fit.</exception>
    public void Begin(long position, ReadOnlySpan<byte> checkpoint)
    {
        _runner.BeginAt(position);
        _runner.Begin(position, checkpoint);
        foreach (var output in _outputs)
        {
            output.Signal.BeginAt(position);
        }
    }

    /// <summary>Says before it begins that it will not do so before a frame.</summary>
    public void Await(long frame)
    {
        foreach (var (input, reader) in _inputs.Zip(_readers))
        {
            reader.Release(Math.Min(frame, input.Signal.Ring.WriteFrame));
            input.Signal.RingProducer();
        }
    }

    /// <summary>Renders what can be rendered before a frame.</summary>
    /// <exception cref="InvalidOperationException">It cannot be rendered any more.</exception>
    public void Advance(long limitFrame)
    {
        bool hasRun;
        do
        {
            foreach (var (signal, ring) in _inputs)
            {
                var end = Math.Min(limitFrame, Position + _runner.Command.Format.BlockFrames);
                ring.CopyFrom(signal.Ring, ring.WriteFrame, Math.Min(end, Math.Min(signal.Ring.WriteFrame, ring.WriteLimit)));
            }

            hasRun = Run(limitFrame);
            foreach (var (signal, ring) in _outputs)
            {
                ring.Release(signal.Fill(ring));
            }
        }
        while (hasRun);
        foreach (var (input, reader) in _inputs.Zip(_readers))
        {
            reader.Release(Position);
            input.Signal.RingProducer();
        }
    }

    /// <summary>Writes what it remembers at <see cref="Position"/>.</summary>
    public void Save(IBufferWriter<byte> destination) => _runner.Save(destination);

    /// <summary>Reads nothing any more.</summary>
    public void Leave()
    {
        foreach (var (input, reader) in _inputs.Zip(_readers))
        {
            input.Signal.Remove(reader);
        }
    }

    private bool Run(long limitFrame)
    {
        switch (_runner.TryRun(limitFrame))
        {
            case RunResult.Failed:
                throw new InvalidOperationException($"{_runner.Id} cannot be rendered any more: {_runner.Failure!.Message}", _runner.Failure);
            case RunResult.Saved:
                // Whoever asks where it stands saves for himself.
                _runner.Checkpoint.Empty();
                return true;
            case var result:
                return result == RunResult.Rendered;
        }
    }
}
