using Loophole.Cluster.Playback;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Live;

/// <summary>Keeps the notes that the device hears until they are rendered, and hands them to those who record them.</summary>
/// <remarks>The callback never waits for whoever reads: what does not fit is missing, from its frame on until it has been passed.</remarks>
/// <param name="takes">Record what they are for.</param>
internal sealed class NoteFeed(params NoteRecording[] takes)
{
    private const int Capacity = 8_192;

    private readonly MidiMessage[] _ring = new MidiMessage[Capacity];
    private readonly MidiMessage[] _read = new MidiMessage[ILiveRenderer.MaxHeard];
    private long _written;
    private long _taken;
    private long _lostBefore;

    /// <summary>Takes what the device hears. [audio thread]</summary>
    /// <param name="notes">In order; their frames are counted in the call.</param>
    /// <param name="start">Render frame of the call.</param>
    /// <param name="frames">Frames of this call.</param>
    public void Write(ReadOnlySpan<MidiMessage> notes, long start, int frames)
    {
        foreach (ref readonly var note in notes)
        {
            var heard = note with { Frame = start + Math.Clamp(note.Frame, 0, frames - 1) };
            foreach (var take in takes)
            {
                take.Write(heard);
            }

            if (_written - Volatile.Read(ref _taken) == Capacity)
            {
                Volatile.Write(ref _lostBefore, start + frames);
                continue;
            }

            _ring[_written % Capacity] = heard;
            Volatile.Write(ref _written, _written + 1);
        }
    }

    /// <summary>Takes what is heard during a block; blocks come in order. [whoever renders]</summary>
    /// <param name="frame">Render frame of its first one.</param>
    /// <param name="frames">How many.</param>
    /// <param name="missing">Raised to the frames at which something was missing.</param>
    /// <returns>By growing render frame; valid until the next call.</returns>
    public ReadOnlySpan<MidiMessage> Read(long frame, int frames, ref int missing)
    {
        if (frame < Volatile.Read(ref _lostBefore))
        {
            missing = Math.Max(missing, frames);
        }

        var count = 0;
        var written = Volatile.Read(ref _written);
        for (; _taken < written && _ring[_taken % Capacity].Frame < frame + frames; Volatile.Write(ref _taken, _taken + 1))
        {
            if (count == _read.Length)
            {
                missing = Math.Max(missing, frames);
                continue;
            }

            _read[count++] = _ring[_taken % Capacity];
        }

        return _read.AsSpan(0, count);
    }
}
