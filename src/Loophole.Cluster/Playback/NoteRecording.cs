using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Playback;

/// <summary>Keeps the notes that an audio callback hands it and writes them into a sink. The callback never waits for the disk: what does not fit is left out and counted.</summary>
internal sealed class NoteRecording : IAsyncDisposable
{
    private const int Capacity = 8_192;

    private readonly INoteSink _sink;
    private readonly int? _midiChannel;
    private readonly MidiMessage[] _ring = new MidiMessage[Capacity];
    private readonly DiskLoop _disk;
    private long _written;
    private long _taken;
    private long _lost;

    /// <summary>Starts to write what will come.</summary>
    /// <param name="sink">Where it is written; the caller disposes it.</param>
    /// <param name="midiChannel">The MIDI channel that is recorded, 0 to 15; <see langword="null"/> for all.</param>
    /// <param name="time">The clock.</param>
    public NoteRecording(INoteSink sink, int? midiChannel, TimeProvider time)
    {
        (_sink, _midiChannel) = (sink, midiChannel);
        _disk = new DiskLoop(WriteWhatIsThere, time);
    }

    /// <summary>Messages that did not fit. [any]</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Takes a message, by growing render frame. [audio thread]</summary>
    public void Write(in MidiMessage message)
    {
        if (_midiChannel is { } only && message.MidiChannel != only)
        {
            return;
        }

        if (_written - Volatile.Read(ref _taken) == Capacity)
        {
            Volatile.Write(ref _lost, _lost + 1);
            return;
        }

        _ring[_written % Capacity] = message;
        Volatile.Write(ref _written, _written + 1);
    }

    /// <summary>Writes the rest and makes the file visible. Once the callback is not called any more.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public async Task CompleteAsync()
    {
        await _disk.EndAsync().ConfigureAwait(false);
        _sink.Complete();
    }

    /// <summary>Stops writing, if it has not ended yet; the sink is not touched any more.</summary>
    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    private void WriteWhatIsThere()
    {
        for (var written = Volatile.Read(ref _written); _taken < written; Volatile.Write(ref _taken, _taken + 1))
        {
            _sink.Write(_ring[_taken % Capacity]);
        }
    }
}
