using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Timeline;

namespace Loophole.Engine.Rendering;

/// <summary>A Node at work: cuts every block where a transport segment, a line of a parameter, an event or a note starts, at the node's own frame.</summary>
internal abstract class NodeRunner
{
    private readonly RenderNode _node;
    private readonly TransportTimeline _timeline;
    private readonly ParameterRamp[] _ramps;
    private readonly ParameterLane?[] _lanes;
    private readonly NoteLane? _notes;
    private MovingParameter[] _moving = [];
    private int _segment;

    /// <param name="node">What it is.</param>
    /// <param name="timeline">The transport.</param>
    /// <param name="notes">What it plays, when it is an instrument.</param>
    protected NodeRunner(RenderNode node, TransportTimeline timeline, NoteLane? notes = null)
    {
        (_node, _timeline, _notes) = (node, timeline, notes);
        _ramps = new ParameterRamp[node.Parameters.Length];
        _lanes = new ParameterLane?[node.Parameters.Length];
        for (var i = 0; i < _ramps.Length; i++)
        {
            _ramps[i] = new ParameterRamp(0, node.Parameters[i].Value, 0);
            if (node.Parameters[i].Automation is not null)
            {
                LaneOf(i);
            }
        }
    }

    /// <summary>The node's id.</summary>
    public string Id => _node.Node.Id;

    /// <summary>Processes a block.</summary>
    /// <param name="audio">The audio, processed in place.</param>
    /// <param name="position">Render frame of its first frame.</param>
    public void Run(AudioBuffer audio, long position)
    {
        var start = position - _node.UpstreamLatencyFrames;
        var end = start + audio.FrameCount;
        for (var frame = start; frame < end;)
        {
            while (_timeline.EndFrame(_segment) <= frame)
            {
                ref readonly var left = ref _timeline[_segment];
                _segment++;
                if (_timeline[_segment].ResetsState)
                {
                    ResetState();
                }

                _notes?.Turn(left, _timeline[_segment]);
            }

            ref readonly var segment = ref _timeline[_segment];
            var stop = Math.Min(end, _timeline.EndFrame(_segment));
            foreach (var moving in Volatile.Read(ref _moving))
            {
                _ramps[moving.Parameter] = moving.Lane.LineAt(frame, segment, ref stop);
            }

            var played = _notes is null ? default : _notes.At(frame, segment, ref stop);
            var (offset, frameCount) = ((int)(frame - start), (int)(stop - frame));
            Process(
                new ProcessorBlock
                {
                    Frame = frame,
                    ProjectFrame = segment.ProjectFrameAt(frame),
                    IsPlaying = segment.IsPlaying,
                    Audio = audio.Slice(offset, frameCount),
                    Parameters = _ramps,
                    Notes = played,
                },
                offset);
            frame = stop;
        }
    }

    /// <summary>Sets the node to the state of transport just before a block at a render frame: a reset at exactly that frame is still to come.</summary>
    public void Seek(long position) => _segment = _timeline.IndexAt(position - _node.UpstreamLatencyFrames - 1);

    /// <summary>The number of a parameter that events may change.</summary>
    /// <exception cref="ArgumentException">There is none of that name, or it is fixed.</exception>
    public int FindParameter(string name)
    {
        for (var i = 0; i < _lanes.Length; i++)
        {
            var descriptor = _node.Parameters[i].Descriptor;
            if (descriptor.Name == name)
            {
                return !descriptor.IsFixed
                    ? i
                    : throw new ArgumentException($"Parameter '{name}' of node '{Id}' is fixed; no event can change it.");
            }
        }

        throw new ArgumentException($"Node '{Id}' has no parameter '{name}'.");
    }

    /// <summary>Takes a parameter over, or hands it back. Events come in order, by one thread; another may process blocks before them meanwhile.</summary>
    public void Apply(ParameterEvent change, int parameter) =>
        LaneOf(parameter).Add(change.Frame, change.Value, change.IsRelative, change.RampFrames, _timeline[_timeline.IndexAt(change.Frame)]);

    /// <summary>Processes a stretch in which nothing jumps.</summary>
    /// <param name="block">The stretch.</param>
    /// <param name="offset">Frames between the start of the renderer's block and the stretch.</param>
    protected abstract void Process(in ProcessorBlock block, int offset);

    /// <summary>Starts afresh, at a locate.</summary>
    protected abstract void ResetState();

    private ParameterLane LaneOf(int parameter)
    {
        if (_lanes[parameter] is not { } lane)
        {
            var settings = _node.Parameters[parameter];
            lane = _lanes[parameter] = new ParameterLane(settings.Descriptor, settings.Value, settings.Automation);
            Volatile.Write(ref _moving, [.. _moving, new MovingParameter(parameter, lane)]);
        }

        return lane;
    }

    /// <summary>A parameter that is automated or was ever taken over; all others keep their line for good.</summary>
    private readonly record struct MovingParameter(int Parameter, ParameterLane Lane);
}
