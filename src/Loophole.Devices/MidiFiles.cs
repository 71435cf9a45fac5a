using System.Collections.Immutable;
using Loophole.Cluster.Media;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Devices.Midi;

namespace Loophole.Devices;

/// <summary>Standard MIDI files: keeps what was played on keys, and gives back what is in one. Safe for concurrent use.</summary>
/// <remarks>A file that is written here has one track whose ticks are frames, so that nothing is rounded: any sequencer reads it at the right tempo.</remarks>
public sealed class MidiFiles : INoteSinkFactory
{
    /// <summary>A file with more bytes is refused.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Opens a file to write. [any]</summary>
    /// <param name="path">The file; an existing one is replaced when it is complete, not before.</param>
    /// <param name="sampleRate">Frames per second, such that a tick can be a frame: halved up to six times, it is a whole number up to 32,767. All usual rates do.</param>
    /// <returns>The sink; the caller disposes it.</returns>
    /// <exception cref="IOException">The file cannot be written there, or not at that rate; the message names it.</exception>
    public INoteSink Create(string path, int sampleRate) => new MidiFileSink(path, sampleRate);

    /// <summary>Reads all channel messages of a file, whatever its format and tempo. [any but audio]</summary>
    /// <param name="path">The file.</param>
    /// <param name="sampleRate">Frames per second, 1 or more.</param>
    /// <returns>By growing frame, 0 for the file's start; at one frame in the order of the file's tracks.</returns>
    /// <exception cref="MediaException">There is no such file, or it is no MIDI file; the message names it.</exception>
    public static ImmutableArray<MidiMessage> Read(string path, int sampleRate)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        return MidiFileReader.Read(path, sampleRate);
    }
}
