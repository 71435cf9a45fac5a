using Loophole.Cluster.Graph;

namespace Loophole.EndToEnd.Tests.InProcess;

/// <summary>Graphs that need no media.</summary>
internal static class TestGraphs
{
    /// <summary>Tones of different pitch and latency into a limiter.</summary>
    public static AudioGraph Tones(int tracks) => new()
    {
        SampleRate = 48_000,
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
                    new ProcessorNode { Id = $"latency{track}", Processor = "latency", Parameters = [new ParameterSetting("frames", 13 * track)] },
                    new ProcessorNode { Id = $"fader{track}", Processor = "fader" },
                ],
            }),
            new Channel { Id = "master", Name = "Master", Nodes = [new ProcessorNode { Id = "limiter", Processor = "limiter" }] },
        ],
    };
}
