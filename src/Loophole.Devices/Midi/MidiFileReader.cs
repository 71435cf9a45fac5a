using System.Collections.Immutable;
using Loophole.Cluster.Media;
using NAudio.Midi;
using MidiMessage = Loophole.Cluster.Timeline.MidiMessage;

namespace Loophole.Devices.Midi;

/// <summary>Reads MIDI files and turns their ticks into frames.</summary>
internal static class MidiFileReader
{
    private const int DefaultTempo = 500_000;
    private const int MicrosecondsPerSecond = 1_000_000;

    /// <summary>A division with this bit counts in frames of a film.</summary>
    private const int FilmTime = 0x8000;

    public static ImmutableArray<MidiMessage> Read(string path, int sampleRate)
    {
        var file = Open(path);
        if (file.DeltaTicksPerQuarterNote is <= 0 or >= FilmTime)
        {
            throw new MediaException(MediaError.Unsupported, $"{path} counts time in frames of a film; only what counts in quarters is read here.");
        }

        var messages = ImmutableArray.CreateBuilder<MidiMessage>();
        var clock = new Clock(file.DeltaTicksPerQuarterNote, sampleRate);
        // Stable: at one tick the order of the tracks decides, and a tempo counts from its tick on wherever it stands.
        foreach (var happening in Enumerable.Range(0, file.Tracks).SelectMany(track => file.Events[track]).OrderBy(happening => happening.AbsoluteTime))
        {
            var frame = clock.Advance(happening.AbsoluteTime);
            if (happening is TempoEvent { MicrosecondsPerQuarterNote: > 0 and var tempo })
            {
                clock.Tempo = tempo;
            }
            else if (MessageOf(happening, frame) is { } message)
            {
                messages.Add(message);
            }
        }

        return messages.ToImmutable();
    }

    private static MidiFile Open(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > MidiFiles.MaxBytes)
            {
                throw new MediaException(MediaError.Unsupported, $"{path} has {file.Length} bytes; a MIDI file has {MidiFiles.MaxBytes} at most.");
            }

            return new MidiFile(file, strictChecking: false);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MediaException(MediaError.NotFound, $"There is no file {path}.", missing);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException and not MediaException and not EndOfStreamException)
        {
            throw new MediaException(MediaError.Unreadable, $"{path} cannot be read: {refused.Message}", refused);
        }
        catch (Exception malformed) when (malformed is not MediaException)
        {
            // Whatever the parser comes upon.
            throw new MediaException(MediaError.Corrupt, $"{path} is no MIDI file: {malformed.Message}", malformed);
        }
    }

    private static MidiMessage? MessageOf(MidiEvent happening, long frame)
    {
        var bytes = happening.GetAsShortMessage();
        var message = new MidiMessage(frame, (byte)bytes, (byte)(bytes >> 8), (byte)(bytes >> 16));
        return happening is not (MetaEvent or SysexEvent) && message.IsValid ? message : null;
    }

    /// <summary>Frames of ticks, exactly, through every change of tempo.</summary>
    private sealed class Clock(int ticksPerQuarter, int sampleRate)
    {
        private readonly Int128 _unitsPerFrame = (Int128)ticksPerQuarter * MicrosecondsPerSecond;
        private Int128 _units;
        private long _tick;

        /// <summary>Microseconds per quarter.</summary>
        public int Tempo { get; set; } = DefaultTempo;

        public long Advance(long tick)
        {
            _units += (Int128)(tick - _tick) * Tempo * sampleRate;
            _tick = tick;
            return (long)((_units + (_unitsPerFrame / 2)) / _unitsPerFrame);
        }
    }
}
