namespace Loophole.Engine.Rendering;

/// <summary>What a plan or an event may ask for at most; beyond, it is refused before anything is allocated.</summary>
internal static class RenderLimits
{
    public const int MinSampleRate = 8_000;
    public const int MaxSampleRate = 384_000;
    public const int MaxBlockFrames = 8_192;
    public const int MaxAudioChannels = 64;
    public const int MaxSignals = 1 << 20;

    /// <summary>Longest edge delay and largest upstream latency, in seconds.</summary>
    public const int MaxDelaySeconds = 10;

    /// <summary>Signals and edge delays of one renderer, in bytes; processors' own memory comes on top.</summary>
    public const long MaxMemoryBytes = 1L << 30;

    /// <summary>Largest frame, either sign; sums of four of them still fit 64 bits.</summary>
    public const long MaxFrame = 1L << 60;
}
