using Loophole.Cluster.Graph;

namespace Loophole.Bench.Playback;

/// <summary>Tracks that need no media: tones and faders, into a limiter.</summary>
internal static class Tones
{
    public const int SampleRate = 48_000;

    public static AudioGraph Of(int tracks) => new()
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
                Nodes =
                [
                    new ProcessorNode { Id = $"tone{track}", Processor = "tone", Parameters = [new ParameterSetting("frequency", 100 + (77 * track)), new ParameterSetting("level", 0.1)] },
                    new ProcessorNode { Id = $"fader{track}", Processor = "fader" },
                ],
            }),
            new Channel { Id = "master", Name = "Master", Nodes = [new ProcessorNode { Id = "limiter", Processor = "limiter" }] },
        ],
    };
}
