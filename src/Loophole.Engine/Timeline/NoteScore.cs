using Loophole.Cluster.Plan;
using Loophole.Cluster.Timeline;

namespace Loophole.Engine.Timeline;

/// <summary>The notes of a step, put in order: those of clips in project time, those of a take in render time. Immutable; shared by the step's instruments.</summary>
internal sealed class NoteScore
{
    private readonly ScoredNote[] _byStart;
    private readonly ScoredNote[] _byEnd;
    private readonly long[] _latestEnd;

    public NoteScore(StepNotes notes)
    {
        // Stable: of notes at one frame, the order in which they were given decides.
        _byStart = [.. notes.Regions.Select(ScoredNote.Of).OrderBy(note => note.StartFrame)];
        _byEnd = [.. _byStart.OrderBy(note => note.EndFrame)];
        _latestEnd = new long[_byStart.Length];
        for (var at = 0; at < _latestEnd.Length; at++)
        {
            _latestEnd[at] = at == 0 ? _byStart[at].EndFrame : Math.Max(_latestEnd[at - 1], _byStart[at].EndFrame);
        }

        Take = [.. notes.Take];
    }

    /// <summary>What was recorded, by render frame.</summary>
    public MidiMessage[] Take { get; }

    /// <summary>The most messages that clips make at one frame: every note may be cut off, end, and start again.</summary>
    public int MostAtOnce => 3 * _byStart.Length;

    /// <summary>The first project frame after one at which a note starts or ends; <see cref="long.MaxValue"/> for none.</summary>
    public long NextAfter(long projectFrame)
    {
        var start = FirstStart(projectFrame + 1);
        var end = FirstEnd(projectFrame + 1);
        return Math.Min(
            start < _byStart.Length ? _byStart[start].StartFrame : long.MaxValue,
            end < _byEnd.Length ? _byEnd[end].EndFrame : long.MaxValue);
    }

    /// <summary>Adds what notes do at a project frame, ends before starts.</summary>
    /// <param name="projectFrame">The frame.</param>
    /// <param name="frame">What the messages say of when.</param>
    /// <param name="messages">Added to.</param>
    /// <param name="count">Raised.</param>
    public void Play(long projectFrame, long frame, MidiMessage[] messages, ref int count)
    {
        for (var at = FirstEnd(projectFrame); at < _byEnd.Length && _byEnd[at].EndFrame == projectFrame; at++)
        {
            messages[count++] = End(_byEnd[at], frame);
        }

        for (var at = FirstStart(projectFrame); at < _byStart.Length && _byStart[at].StartFrame == projectFrame; at++)
        {
            ref readonly var note = ref _byStart[at];
            messages[count++] = new MidiMessage(frame, (byte)(MidiMessage.NoteOn | note.MidiChannel), note.Key, note.Velocity);
        }
    }

    /// <summary>Adds an end for every note that would sound on where project time is left.</summary>
    /// <param name="projectFrame">The first project frame that is not played any more.</param>
    /// <param name="frame">What the messages say of when.</param>
    /// <param name="messages">Added to.</param>
    /// <param name="count">Raised.</param>
    public void Leave(long projectFrame, long frame, MidiMessage[] messages, ref int count)
    {
        for (var at = FirstStart(projectFrame) - 1; at >= 0 && _latestEnd[at] >= projectFrame; at--)
        {
            if (_byStart[at].EndFrame >= projectFrame)
            {
                messages[count++] = End(_byStart[at], frame);
            }
        }
    }

    private static MidiMessage End(in ScoredNote note, long frame) => new(frame, (byte)(MidiMessage.NoteOff | note.MidiChannel), note.Key, 0);

    /// <summary>Index of the first note that starts at a project frame or later.</summary>
    private int FirstStart(long projectFrame)
    {
        var (low, high) = (0, _byStart.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _byStart[middle].StartFrame < projectFrame ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Index of the first note, by its end, that ends at a project frame or later.</summary>
    private int FirstEnd(long projectFrame)
    {
        var (low, high) = (0, _byEnd.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _byEnd[middle].EndFrame < projectFrame ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
