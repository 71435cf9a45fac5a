using System.Globalization;

namespace Loophole.Bench.Links;

/// <summary>What is exchanged each block period, both ways.</summary>
/// <param name="Channels">Audio channels, each way.</param>
/// <param name="Frames">Frames in a block.</param>
/// <param name="StreamChannels">How many of them a stream carries: a block holds these.</param>
internal sealed record Shape(int Channels, int Frames, int StreamChannels = 2)
{
    public const int SampleRate = 48_000;

    public static IReadOnlyList<Shape> All { get; } = [new(2, 64), new(32, 256), new(128, 256)];

    /// <summary>Streams, each way.</summary>
    public int Streams => Channels / StreamChannels;

    /// <summary>The block period, in nanoseconds.</summary>
    public long Period => Frames * 1_000_000_000L / SampleRate;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channels}x{Frames}");
}
