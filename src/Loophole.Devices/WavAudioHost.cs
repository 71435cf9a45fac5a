using System.Collections.Immutable;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Media;
using Loophole.Cluster.Rendering;
using Loophole.Devices.Calls;
using Loophole.Devices.Wav;

namespace Loophole.Devices;

/// <summary>Devices without hardware, clocked by a <see cref="TimeProvider"/>, that play into a file and record out of one.</summary>
/// <remarks>
/// <para><b>Devices.</b> <c>wav:PATH</c> keeps what is played in the file PATH, as 32-bit float, every block from the first call to the last. <c>wav:PATH?input=IN.wav</c>
/// records IN.wav besides, <c>wav:PATH?notes=IN.mid</c> hears the notes of IN.mid, <c>wav:PATH?notes=IN.mid?input=IN.wav</c> both. The first <c>?input=</c> divides, then the first <c>?notes=</c>
/// before it, and nothing is escaped: PATH is anything without them, IN.wav anything at all.</para>
/// <para><b>The file</b> appears under its name, whole, when the device is disposed after it ran; until then a file of that name stays as it is. A device that was not started, or
/// ended with an error, leaves nothing. What cannot be written at the last is told by <see cref="IAudioDevice.Ended"/>.</para>
/// <para><b>Inputs.</b> The file's samples, frame 0 in the first call and on from there without a gap, then silence. Channels that the file has not are silent, those that are not asked for are
/// left out; all are silent without an input. It is read ahead by some seconds and not kept in memory, so that it may be of any length.</para>
/// <para><b>Notes.</b> As the file has them (<see cref="MidiFiles.Read"/>), from its start in the first call on. More than 1,024 messages in a block are left out.</para>
/// <para><b>Time.</b> As of the <see cref="NullAudioHost"/>.</para>
/// <para><b>A slow disk</b> loses nothing that was played. 4 seconds fit between the audio thread and the disk; when they are used up, the device waits before the next call and catches up
/// afterwards. It is late by that, and more than a second late is an xrun: then the blocks between were never played, and are in the file no more than in the inputs. The alternatives are
/// a hole in the file, or no file at all, for a disk that paused.</para>
/// </remarks>
/// <param name="sinks">Makes the files that are played into.</param>
/// <param name="sources">Opens the files that are recorded out of.</param>
/// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
public sealed class WavAudioHost(IRenderSinkFactory sinks, ISampleSourceFactory sources, TimeProvider? timeProvider = null) : IAudioDeviceHost
{
    private const int DefaultRate = 48_000;
    private const int DefaultBlock = 256;
    private const int MostChannels = 64;

    private readonly IRenderSinkFactory _sinks = sinks ?? throw new ArgumentNullException(nameof(sinks));
    private readonly ISampleSourceFactory _sources = sources ?? throw new ArgumentNullException(nameof(sources));
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary><c>wav</c>. [any]</summary>
    public string Name => WavDeviceId.Host;

    /// <summary><see langword="null"/>: nothing is needed. [any]</summary>
    public string? UnavailableReason => null;

    /// <summary>One that stands for all: files are not looked for. 256 frames unless asked otherwise; the rate of the input, or 48,000 Hz without one. [any]</summary>
    /// <returns>One, with PATH in its id for the file.</returns>
    public ImmutableArray<AudioDeviceInfo> List() =>
        [new AudioDeviceInfo($"{Name}:PATH", "Into the WAV file PATH, in real time; PATH?input=IN.wav records IN.wav, PATH?notes=IN.mid hears IN.mid", MostChannels, MostChannels, DefaultRate, DefaultBlock)];

    /// <summary>Which file a device plays into. [any]</summary>
    /// <param name="deviceId">An <see cref="AudioDeviceRequest.DeviceId"/> of any host.</param>
    /// <returns>PATH as it stands in the id; <see langword="null"/> when the id is another host's, or names no file.</returns>
    public static string? FindPath(string deviceId) => WavDeviceId.Find(deviceId)?.Path;

    /// <summary>Opens the input, and a file for what will be played. [any but audio]</summary>
    /// <param name="request">The files, and any block size and channels that a request can have, at least one of them played.</param>
    /// <returns>The device; the caller's.</returns>
    /// <exception cref="ArgumentException">The id is another host's, or there is no audio channel to play.</exception>
    /// <exception cref="AudioDeviceException"><see cref="AudioDeviceError.NotFound"/>: the id names no file, or there is no such input or notes.
    /// <see cref="AudioDeviceError.RateRefused"/>: the input has another sample rate. <see cref="AudioDeviceError.Unknown"/>: the file cannot be written there, or the input or the notes not be
    /// read; the message names it.</exception>
    public IAudioDevice Open(AudioDeviceRequest request)
    {
        RequestCheck.Of(request, Name);
        if (request.OutputChannels == 0)
        {
            throw new ArgumentException("A device that keeps what is played needs an output channel.", nameof(request));
        }

        var id = WavDeviceId.Find(request.DeviceId)
            ?? throw new AudioDeviceException(AudioDeviceError.NotFound, $"\"{request.DeviceId}\" names no file: it is wav:PATH, with ?notes=IN.mid or ?input=IN.wav behind it, or both in this order.");
        var source = OpenInput(id);
        try
        {
            var rate = Agree(request, id, source);
            var format = new AudioDeviceFormat(rate, request.BlockFrames ?? DefaultBlock, request.InputChannels, request.OutputChannels, 0, request.HearsNotes && id.NotesPath is not null);
            if (source is not null && format.InputChannels == 0)
            {
                source.Dispose();
                source = null;
            }

            var notes = format.HearsNotes ? OpenNotes(id.NotesPath!, rate) : null;
            return new WavDevice(format, _time, OpenOutput(id, format), source, notes);
        }
        catch
        {
            source?.Dispose();
            throw;
        }
    }

    private static int Agree(AudioDeviceRequest request, WavDeviceId id, ISampleSource? source)
    {
        var rate = request.SampleRate ?? source?.Info.SampleRate ?? DefaultRate;
        return source is null || source.Info.SampleRate == rate
            ? rate
            : throw new AudioDeviceException(
                AudioDeviceError.RateRefused,
                $"{id.InputPath} has {source.Info.SampleRate} Hz, and {rate} Hz were asked for: ask for {source.Info.SampleRate} Hz, or give a file of {rate} Hz.");
    }

    private ISampleSource? OpenInput(WavDeviceId id)
    {
        try
        {
            return id.InputPath is { } path ? _sources.Open(path) : null;
        }
        catch (MediaException refused)
        {
            throw Told(refused);
        }
    }

    private static NoteScript OpenNotes(string path, int sampleRate)
    {
        try
        {
            return new NoteScript(MidiFiles.Read(path, sampleRate).AsMemory());
        }
        catch (MediaException refused)
        {
            throw Told(refused);
        }
    }

    private static AudioDeviceException Told(MediaException refused) =>
        new(refused.Error == MediaError.NotFound ? AudioDeviceError.NotFound : AudioDeviceError.Unknown, refused.Message, refused);

    private IRenderSink OpenOutput(WavDeviceId id, AudioDeviceFormat format)
    {
        try
        {
            return _sinks.Create(id.Path, format.OutputChannels, format.SampleRate);
        }
        catch (IOException refused)
        {
            throw new AudioDeviceException(AudioDeviceError.Unknown, refused.Message, refused);
        }
    }
}
