using Loophole.DawProject;
using Loophole.Engine;

namespace Loophole.Bench.Satellites;

/// <summary>A project of many alike tracks: a resampled recording through an equalizer and a compressor, eight tracks a group.</summary>
internal static class BenchProject
{
    private const int SourceRate = 44_100;

    public static async Task WriteAsync(string path, int tracks, int seconds, CancellationToken cancellationToken)
    {
        var sound = Path.ChangeExtension(path, ".wav");
        WriteNoise(sound, seconds);
        var ids = 0;
        DawRealParameter Real(double value, DawUnit unit) => new() { Id = $"p{ids++}", Value = value, Unit = unit };
        DawChannel Channel(string id, string? destination, DawMixerRole role = DawMixerRole.Regular) => new()
        {
            Id = id,
            Name = id,
            Role = role,
            AudioChannels = 2,
            Destination = destination,
            Volume = Real(0.2, DawUnit.Linear),
            Pan = Real(0.5, DawUnit.Normalized),
        };
        DawTrack Track(int at) => new()
        {
            Id = $"track{at}",
            Name = $"track {at}",
            ContentTypes = [DawContentType.Audio],
            Channel = Channel($"channel{at}", $"group{at / 8}") with
            {
                Devices =
                [
                    new DawEqualizer
                    {
                        Id = $"eq{at}",
                        DeviceName = "Equalizer",
                        DeviceRole = DawDeviceRole.AudioEffect,
                        Bands =
                        [
                            new DawEqualizerBand { Type = DawEqualizerBandType.HighPass, Frequency = Real(60, DawUnit.Hertz), Q = Real(0.7, DawUnit.Linear) },
                            new DawEqualizerBand { Type = DawEqualizerBandType.Bell, Frequency = Real(500 + (40 * at), DawUnit.Hertz), Gain = Real(-4, DawUnit.Decibel), Q = Real(1.5, DawUnit.Linear) },
                            new DawEqualizerBand { Type = DawEqualizerBandType.HighShelf, Frequency = Real(8_000, DawUnit.Hertz), Gain = Real(3, DawUnit.Decibel), Q = Real(0.7, DawUnit.Linear) },
                        ],
                    },
                    new DawCompressor { Id = $"compressor{at}", DeviceName = "Compressor", DeviceRole = DawDeviceRole.AudioEffect, Threshold = Real(-20, DawUnit.Decibel), Ratio = Real(3, DawUnit.Linear) },
                ],
            },
        };

        var groups = (tracks + 7) / 8;
        var document = new DawProjectDocument
        {
            Structure =
            [
                .. Enumerable.Range(0, groups).Select(group => new DawTrack
                {
                    Id = $"grouptrack{group}",
                    Name = $"group {group}",
                    ContentTypes = [DawContentType.Tracks],
                    Channel = Channel($"group{group}", "master", DawMixerRole.Submix),
                    Tracks = [.. Enumerable.Range(group * 8, Math.Min(8, tracks - (group * 8))).Select(Track)],
                }),
                new DawTrack { Id = "mastertrack", Name = "master", Channel = Channel("master", null, DawMixerRole.Master) },
            ],
            Arrangement = new DawArrangement
            {
                Lanes = new DawLanes
                {
                    TimeUnit = DawTimeUnit.Seconds,
                    Lanes =
                    [
                        .. Enumerable.Range(0, tracks).Select(at => new DawLanes
                        {
                            Track = $"track{at}",
                            Lanes =
                            [
                                new DawClips
                                {
                                    Clips =
                                    [
                                        new DawClip
                                        {
                                            Time = 0,
                                            Duration = seconds - (0.01 * at),
                                            PlayStart = 0.01 * at,
                                            Content = new DawAudio { File = new DawFileReference { Path = "audio/noise.wav" }, Duration = seconds, SampleRate = SourceRate, Channels = 2 },
                                        },
                                    ],
                                },
                            ],
                        }),
                    ],
                },
            },
        };
        await DawProjectWriter.WriteAsync(path, document, [DawProjectEntry.FromFile("audio/noise.wav", sound)], cancellationToken);
    }

    private static void WriteNoise(string path, int seconds)
    {
        var random = new Random(1);
        var second = new float[SourceRate * 2];
        using var file = new WavWriter(path, 2, SourceRate);
        for (var at = 0; at < seconds; at++)
        {
            for (var sample = 0; sample < second.Length; sample++)
            {
                second[sample] = (random.NextSingle() - 0.5f) * 0.5f;
            }

            file.Write(second);
        }

        file.Complete();
    }
}
