using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Engine.Timeline;

/// <summary>What one instrument plays, frame by frame: a pure function of the score, the transport, what is heard, and the frame.</summary>
/// <remarks>At one frame, notes end first that are left behind by the transport, then come clips, then the take, then the device. A note that project time jumps into does not start; its
/// end is played all the same, and ends nothing.</remarks>
internal sealed class NoteLane
{
    private readonly NoteScore _score;
    private readonly HeardNotes _heard;
    private readonly StepNotes _notes;
    private readonly int _upstreamLatency;
    private readonly MidiMessage[] _messages;
    private int _count;

    /// <param name="score">The step's notes.</param>
    /// <param name="notes">Where it is from.</param>
    /// <param name="upstreamLatency">How far the instrument's frames lie behind the render frames.</param>
    /// <param name="heard">What the device hears.</param>
    public NoteLane(NoteScore score, StepNotes notes, int upstreamLatency, HeardNotes heard)
    {
        (_score, _notes, _upstreamLatency, _heard) = (score, notes, upstreamLatency, heard);
        _messages = new MidiMessage[score.MostAtOnce + score.Take.Length + (notes.HearsDevice ? ILiveRenderer.MaxHeard : 0)];
    }

    /// <summary>The transport goes from one segment to another, before <see cref="At"/> of the first frame of that.</summary>
    public void Turn(in TransportSegment left, in TransportSegment entered)
    {
        var projectFrame = left.ProjectFrameAt(entered.StartFrame);
        if (entered.ResetsState)
        {
            // Nothing sounds any more.
            _count = 0;
        }
        else if (left.IsPlaying && !(entered.IsPlaying && entered.ProjectStartFrame == projectFrame))
        {
            _score.Leave(projectFrame, entered.StartFrame, _messages, ref _count);
        }
    }

    /// <summary>What is played at a frame.</summary>
    /// <param name="frame">Node-local frame.</param>
    /// <param name="segment">The transport segment that holds there.</param>
    /// <param name="endFrame">Lowered to where something is played next, when that comes first.</param>
    /// <returns>In order; valid until the next call.</returns>
    public ReadOnlySpan<MidiMessage> At(long frame, in TransportSegment segment, ref long endFrame)
    {
        if (segment.IsPlaying)
        {
            var projectFrame = segment.ProjectFrameAt(frame);
            _score.Play(projectFrame, frame, _messages, ref _count);
            if (_score.NextAfter(projectFrame) is < long.MaxValue and var next)
            {
                endFrame = Math.Min(endFrame, frame + (next - projectFrame));
            }
        }

        Play(_score.Take, isTake: true, frame, ref endFrame);
        if (_notes.HearsDevice)
        {
            Play(_heard.Messages, isTake: false, frame, ref endFrame);
        }

        var count = _count;
        _count = 0;
        return _messages.AsSpan(0, count);
    }

    /// <summary>Adds what happens at a frame, by render frames.</summary>
    private void Play(ReadOnlySpan<MidiMessage> messages, bool isTake, long frame, ref long endFrame)
    {
        var renderFrame = frame + _upstreamLatency;
        var at = FirstFrom(messages, renderFrame);
        for (; at < messages.Length && messages[at].Frame == renderFrame; at++)
        {
            if (isTake || _notes.MidiChannel is not { } only || messages[at].MidiChannel == only)
            {
                _messages[_count++] = messages[at] with { Frame = frame };
            }
        }

        if (at < messages.Length)
        {
            endFrame = Math.Min(endFrame, messages[at].Frame - _upstreamLatency);
        }
    }

    /// <summary>Index of the first message at a frame or later.</summary>
    private static int FirstFrom(ReadOnlySpan<MidiMessage> messages, long frame)
    {
        var (low, high) = (0, messages.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = messages[middle].Frame < frame ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
