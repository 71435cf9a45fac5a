using Loophole.Cluster.Rendering;
using NAudio.Midi;
using MidiMessage = Loophole.Cluster.Timeline.MidiMessage;

namespace Loophole.Devices.Midi;

/// <summary>Writes a MIDI file whose ticks are frames. It appears under its name, whole, at <see cref="Complete"/>, or not at all.</summary>
internal sealed class MidiFileSink : INoteSink
{
    private const int MostTicksPerQuarter = 32_767;
    private const int MicrosecondsPerSecond = 1_000_000;
    private const int OneTrack = 0;

    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly MidiEventCollection _events;
    private long _lastFrame;

    /// <exception cref="IOException">The file cannot be written there, or not at that rate.</exception>
    public MidiFileSink(string path, int sampleRate)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        _path = Path.GetFullPath(path);
        var (ticks, tempo) = TicksAsFrames(path, sampleRate);
        _events = new MidiEventCollection(OneTrack, ticks);
        _events.AddTrack();
        _events[0].Add(new TempoEvent(tempo, 0));
        if (Directory.Exists(_path))
        {
            throw new IOException($"{path} cannot be written: it is a folder.");
        }

        _temporaryPath = Path.Combine(Path.GetDirectoryName(_path) ?? "", $".{Path.GetFileName(_path)}.{Guid.NewGuid():N}.part");
        try
        {
            // Whether it can be written is better known before anything is played.
            File.Create(_temporaryPath).Dispose();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be written: {refused.Message}", refused);
        }
    }

    public void Write(in MidiMessage message)
    {
        var happening = MidiEvent.FromRawMessage(message.Status | (message.Data1 << 8) | (message.Data2 << 16));
        happening.AbsoluteTime = _lastFrame = message.Frame;
        _events[0].Add(happening);
    }

    public void Complete()
    {
        _events[0].Add(new MetaEvent(MetaEventType.EndTrack, 0, _lastFrame));
        try
        {
            MidiFile.Export(_temporaryPath, _events);
            File.Move(_temporaryPath, _path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{_path} cannot be written: {refused.Message}", refused);
        }
    }

    public void Dispose() => File.Delete(_temporaryPath);

    /// <summary>Ticks and microseconds of a quarter so that a tick is a frame.</summary>
    private static (int Ticks, int Tempo) TicksAsFrames(string path, int sampleRate)
    {
        for (var (ticks, tempo) = (sampleRate, MicrosecondsPerSecond); ; (ticks, tempo) = (ticks / 2, tempo / 2))
        {
            if (ticks <= MostTicksPerQuarter)
            {
                return (ticks, tempo);
            }

            if (ticks % 2 != 0 || tempo % 2 != 0)
            {
                throw new IOException($"{path} cannot be written: at {sampleRate} Hz no tick of a MIDI file is a frame.");
            }
        }
    }
}
