using Loophole.Cluster.Graph;

namespace Loophole.Bench.Playback;

/// <summary>Tracks that need no media: tones and faders, into a limiter. Where some are live, every fourth is: it hears the device, and its fader is an insert.</summary>
internal static class Tones
{
    public const int SampleRate = 48_000;

    private const int LiveEvery = 4;

    /// <param name="tracks">How many.</param>
    /// <param name="insertFrames">Budget of inserts, or 0 when nothing is live.</param>
    public static AudioGraph Of(int tracks, int insertFrames) => new()
    {
        SampleRate = SampleRate,
        LengthFrames = 0,
        OutputChannelId = "master",
        Channels =
        [
            .. Enumerable.Range(0, tracks).Select(track => new Channel
            {
                Id = $"track{track}",
                Name = $"Track {track}",
                OutputChannelId = "master",
                Input = insertFrames > 0 && track % LiveEvery == 0 ? new ChannelInput { DeviceChannels = [0] } : null,
                InsertFrames = track % LiveEvery == 0 ? insertFrames : 0,
                Nodes =
                [
                    new ProcessorNode { Id = $"tone{track}", Processor = "tone", Parameters = [new ParameterSetting("frequency", 100 + (77 * track)), new ParameterSetting("level", 0.1)] },
                    new ProcessorNode { Id = $"fader{track}", Processor = "fader", IsLatencyTolerant = true },
                ],
            }),
            new Channel { Id = "master", Name = "Master", Nodes = [new ProcessorNode { Id = "limiter", Processor = "limiter" }] },
        ],
    };
}
