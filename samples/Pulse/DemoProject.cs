using System.Collections.Immutable;
using Loophole.Cluster.Media;
using Loophole.DawProject;
using Loophole.Engine;

namespace Loophole.Pulse;

/// <summary>The demo's project: drums in a group, bass, pad, voices, sirens; sends to a reverb and a delay, effects, automation, a change of tempo.</summary>
internal sealed class DemoProject
{
    private static readonly string[] Made = ["kick", "snare", "hat", "bass", "pad"];

    private readonly List<DawProjectEntry> _files = [];
    private readonly Dictionary<string, MediaInfo> _infos = [];
    private readonly List<DawTimeline> _lanes = [];
    private int _ids;

    /// <summary>Makes the project and its sounds, and writes them as one .dawproject file.</summary>
    public static async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("loophole-demo-").FullName;
        try
        {
            var demo = new DemoProject();
            await demo.AddSoundsAsync(folder, cancellationToken);
            await DawProjectWriter.WriteAsync(path, demo.Build(), demo._files, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task AddSoundsAsync(string folder, CancellationToken cancellationToken)
    {
        string At(string name) => Path.Combine(folder, name);
        DemoSounds.WriteKick(At("kick.wav"));
        DemoSounds.WriteSnare(At("snare.wav"));
        DemoSounds.WriteHat(At("hat.wav"));
        DemoSounds.WriteBass(At("bass.wav"));
        DemoSounds.WritePad(At("pad.wav"));
        (string Name, string File)[] sounds = [.. Made.Select(name => (name, At($"{name}.wav"))), ("voice", DemoSounds.FindOrWriteVoice(At("voice.wav")))];
        var media = new DirectoryMediaStore(new DirectoryMediaStoreOptions { Directory = At("media") });
        foreach (var (name, file) in sounds)
        {
            await using var stream = File.OpenRead(file);
            using var content = media.Open(await media.ImportAsync(stream, stream.Length, null, cancellationToken));
            _infos[name] = new WavInspector().Inspect(content, file);
            _files.Add(DawProjectEntry.FromBytes($"audio/{name}.wav", await File.ReadAllBytesAsync(file, cancellationToken)));
        }
    }

    private DawProjectDocument Build()
    {
        var master = Channel("master", 0.9, 0.5, null, DawMixerRole.Master) with
        {
            Devices =
            [
                new DawCompressor { Id = NewId(), DeviceName = "Compressor", DeviceRole = DawDeviceRole.AudioEffect, Threshold = Real(-14, DawUnit.Decibel), Ratio = Real(2, DawUnit.Linear), Attack = Real(0.01, DawUnit.Seconds), Release = Real(0.2, DawUnit.Seconds) },
                new DawLimiter { Id = NewId(), DeviceName = "Limiter", DeviceRole = DawDeviceRole.AudioEffect, Threshold = Real(-1, DawUnit.Decibel), Release = Real(0.1, DawUnit.Seconds) },
            ],
        };
        var reverb = Channel("reverb", 0.8, 0.5, master.Id, DawMixerRole.Effect) with { Devices = [Ours("reverb", ("roomSize", 0.7), ("damping", 0.4), ("mix", 1))] };
        var delay = Channel("delay", 0.6, 0.5, master.Id, DawMixerRole.Effect) with { Devices = [Ours("delay", ("time", 0.375), ("feedback", 0.45), ("mix", 1))], Sends = [Send(reverb, 0.2)] };
        var drums = Channel("drums", 0.9, 0.5, master.Id, DawMixerRole.Submix) with
        {
            Devices = [new DawCompressor { Id = NewId(), DeviceName = "Compressor", DeviceRole = DawDeviceRole.AudioEffect, Threshold = Real(-18, DawUnit.Decibel), Ratio = Real(3, DawUnit.Linear), Attack = Real(0.02, DawUnit.Seconds), Release = Real(0.15, DawUnit.Seconds) }],
        };

        var kick = Track("kick", Channel("kick", 1, 0.5, drums.Id), Every(1, "kick", 0, 32));
        var snare = Track("snare", Channel("snare", 0.8, 0.55, drums.Id) with { Sends = [Send(reverb, 0.25)] }, Every(2, "snare", 1, 32));
        var hat = Track("hat", Channel("hat", 0.7, 0.35, drums.Id), Every(0.5, "hat", 0.25, 32));
        var bass = Track("bass", Channel("bass", 0.8, 0.5, master.Id) with { Devices = [Band(DawEqualizerBandType.LowShelf, 90, 3, 0.7), Ours("latency", ("frames", 441))] }, [Warped("bass", 0, 16, 16), Warped("bass", 16, 16, 16)]);
        var padEqualizer = Band(DawEqualizerBandType.LowPass, 900, null, 0.9);
        var pad = Track("pad", Channel("pad", 0.7, 0.5, master.Id) with { Devices = [padEqualizer], Sends = [Send(reverb, 0.5), Send(delay, 0.15)] }, [Clip("pad", 0, 12) with { FadeInTime = 2, FadeOutTime = 4 }, Clip("pad", 14, 12) with { FadeInTime = 1, FadeOutTime = 1 }]);
        var voiceChannel = Channel("voice", 1, 0.5, master.Id) with { Sends = [Send(delay, 0.4), Send(reverb, 0.2) with { Type = DawSendType.Pre }] };
        var voice = Track("voice", voiceChannel, [Clip("voice", 4, 3), Clip("voice", 12, 3), Clip("voice", 20.5, 3), Clip("voice", 28, 3)]);
        var echo = Track("voice, slower", Channel("voice, slower", 0.5, 0.8, master.Id), [Slowed("voice", 8, 6), Slowed("voice", 24, 6)]);
        var siren = Ours("tone", ("frequency", 660), ("level", 0.05));
        var sirenTrack = Track("siren", Channel("siren", 0.6, 0.2, master.Id) with { Devices = [siren, Band(DawEqualizerBandType.Bell, 1200, -6, 2)], Sends = [Send(reverb, 0.3)] }, []);
        var breath = Ours("noise", ("seed", 7), ("level", 0.02));
        var breathTrack = Track("breath", Channel("breath", 0.6, 0.7, master.Id) with { Devices = [breath, Band(DawEqualizerBandType.HighPass, 4000, null, 0.7)] }, []);

        var keys = Ours("synth", ("wave", 2), ("level", 0.12), ("attack", 0.004), ("decay", 0.3), ("sustain", 0.4), ("release", 0.25)) with { DeviceRole = DawDeviceRole.Instrument };
        var keysTrack = Track("keys", Channel("keys", 0.7, 0.65, master.Id) with { Devices = [keys, Band(DawEqualizerBandType.LowPass, 2500, null, 0.7)], Sends = [Send(delay, 0.3)] }, [Arpeggio(4, 8, [57, 60, 64, 69]), Arpeggio(20, 12, [53, 57, 60, 65, 69])]);

        Automate(voiceChannel.Pan!, DawUnit.Normalized, true, (0, 0.5), (8, 0.1), (16, 0.9), (24, 0.5));
        Automate(padEqualizer.Bands[0].Frequency, DawUnit.Hertz, true, (0, 400), (12, 3000), (24, 500), (32, 6000));
        Automate(siren.Parameters.OfType<DawRealParameter>().First(p => p.Name == "frequency"), DawUnit.Linear, true, (0, 440), (16, 880), (32, 330));
        Automate(siren.Parameters.OfType<DawRealParameter>().First(p => p.Name == "level"), DawUnit.Linear, false, (0, 0), (6, 0.05), (10, 0), (18, 0.05), (22, 0));
        Automate(drums.Volume!, DawUnit.Linear, true, (0, 0.9), (15, 0.9), (16, 0.2), (18, 0.9));

        return new DawProjectDocument
        {
            Application = new DawApplication { Name = "Loophole.Cluster demo", Version = "1" },
            Transport = new DawTransport { Tempo = new DawRealParameter { Id = "tempo", Value = 120, Unit = DawUnit.Bpm } },
            Structure =
            [
                Group("drums", drums, [kick, snare, hat]), bass, pad, voice, echo, sirenTrack, breathTrack, keysTrack,
                Return("reverb", reverb), Return("delay", delay), Return("master", master),
            ],
            Arrangement = new DawArrangement
            {
                Lanes = new DawLanes { TimeUnit = DawTimeUnit.Beats, Lanes = [.. _lanes] },
                TempoAutomation = Points("tempo", DawUnit.Bpm, false, [(0, 120), (16, 96), (24, 132)]),
            },
        };
    }

    private string NewId() => $"id{_ids++}";

    private DawRealParameter Real(double value, DawUnit unit, string? name = null) => new() { Id = NewId(), Name = name, Value = value, Unit = unit };

    private DawChannel Channel(string name, double volume, double pan, string? destination, DawMixerRole role = DawMixerRole.Regular) => new()
    {
        Id = NewId(),
        Name = name,
        Role = role,
        AudioChannels = 2,
        Destination = destination,
        Volume = Real(volume, DawUnit.Linear),
        Pan = Real(pan, DawUnit.Normalized),
    };

    private DawSend Send(DawChannel target, double level) => new() { Id = NewId(), Destination = target.Id, Type = DawSendType.Post, Volume = Real(level, DawUnit.Linear) };

    private DawBuiltinDevice Ours(string kind, params (string Name, double Value)[] parameters) => new()
    {
        Id = NewId(),
        DeviceName = kind,
        DeviceId = $"loophole.{kind}",
        DeviceRole = DawDeviceRole.AudioEffect,
        Parameters = [.. parameters.Select(parameter => Real(parameter.Value, DawUnit.Linear, parameter.Name))],
    };

    private DawEqualizer Band(DawEqualizerBandType type, double frequency, double? gain, double q) => new()
    {
        Id = NewId(),
        DeviceName = "Equalizer",
        DeviceRole = DawDeviceRole.AudioEffect,
        Bands =
        [
            new DawEqualizerBand { Type = type, Order = 2, Frequency = Real(frequency, DawUnit.Hertz), Gain = gain is { } decibels ? Real(decibels, DawUnit.Decibel) : null, Q = Real(q, DawUnit.Linear) },
        ],
    };

    private DawTrack Track(string name, DawChannel channel, ImmutableArray<DawClip> clips)
    {
        var track = new DawTrack { Id = NewId(), Name = name, ContentTypes = [DawContentType.Audio], Channel = channel };
        if (!clips.IsEmpty)
        {
            _lanes.Add(new DawLanes { Track = track.Id, Lanes = [new DawClips { Clips = clips }] });
        }

        return track;
    }

    private DawTrack Group(string name, DawChannel channel, ImmutableArray<DawTrack> tracks) =>
        new() { Id = NewId(), Name = name, ContentTypes = [DawContentType.Tracks], Channel = channel, Tracks = tracks };

    private DawTrack Return(string name, DawChannel channel) => new() { Id = NewId(), Name = name, ContentTypes = [DawContentType.Audio], Channel = channel };

    private DawAudio Audio(string sound) => new()
    {
        File = new DawFileReference { Path = $"audio/{sound}.wav" },
        Duration = Seconds(sound),
        SampleRate = _infos[sound].SampleRate,
        Channels = _infos[sound].AudioChannels,
    };

    private double Seconds(string sound) => _infos[sound].FrameCount / (double)_infos[sound].SampleRate;

    private DawClip Clip(string sound, double beat, double beats) => new() { Name = sound, Time = beat, Duration = beats, ContentTimeUnit = DawTimeUnit.Seconds, PlayStart = 0, Content = Audio(sound) };

    /// <summary>One clip that holds a hit at every step, as DAWs write them: clips inside a clip.</summary>
    private ImmutableArray<DawClip> Every(double step, string sound, double first, double end)
    {
        var hits = new List<DawClip>();
        for (var beat = first; beat < end; beat += step)
        {
            hits.Add(Clip(sound, beat, step));
        }

        return [new DawClip { Name = $"{sound} pattern", Time = 0, Duration = end, ContentTimeUnit = DawTimeUnit.Beats, PlayStart = 0, Content = new DawClips { Clips = [.. hits] } }];
    }

    /// <summary>A clip tied to the beat: its speed follows the tempo.</summary>
    private DawClip Warped(string sound, double beat, double beats, double contentBeats) => new()
    {
        Name = sound,
        Time = beat,
        Duration = beats,
        ContentTimeUnit = DawTimeUnit.Beats,
        PlayStart = 0,
        Content = new DawWarps
        {
            ContentTimeUnit = DawTimeUnit.Seconds,
            Content = Audio(sound),
            Warps = [new DawWarp { Time = 0, ContentTime = 0 }, new DawWarp { Time = contentBeats, ContentTime = Seconds(sound) }],
        },
    };

    /// <summary>A chord, one key after the other, over and over: a bar of notes in a clip that repeats it.</summary>
    private static DawClip Arpeggio(double beat, double beats, ImmutableArray<int> chord) => new()
    {
        Name = "arpeggio",
        Time = beat,
        Duration = beats,
        PlayStart = 0,
        LoopStart = 0,
        LoopEnd = chord.Length,
        Content = new DawNotes { Notes = [.. chord.Select((key, at) => new DawNote { Time = at, Duration = at % 2 == 0 ? 0.5 : 1.25, Key = key, Velocity = 0.5 + (at * 0.1) })] },
    };

    private DawClip Slowed(string sound, double beat, double beats) => Warped(sound, beat, beats, beats) with { Name = $"{sound}, slower", FadeOutTime = 0.5 };

    private void Automate(DawRealParameter parameter, DawUnit unit, bool linear, params (double Beat, double Value)[] points) =>
        _lanes.Add(Points(parameter.Id!, unit, linear, points));

    private static DawPoints Points(string parameter, DawUnit unit, bool linear, (double Beat, double Value)[] points) => new()
    {
        Target = new DawAutomationTarget { Parameter = parameter },
        Unit = unit,
        TimeUnit = DawTimeUnit.Beats,
        Points = [.. points.Select(point => new DawRealPoint { Time = point.Beat, Value = point.Value, Interpolation = linear ? DawInterpolation.Linear : DawInterpolation.Hold })],
    };
}
