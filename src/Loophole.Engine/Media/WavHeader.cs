namespace Loophole.Engine.Media;

/// <summary>What is needed to find and decode the samples of a WAV file; every number was checked against the length of the file.</summary>
/// <param name="Format">How a sample is stored.</param>
/// <param name="SampleRate">Frames per second, 1 to 768,000.</param>
/// <param name="AudioChannels">1 to 64.</param>
/// <param name="DataStart">Byte position of the first sample.</param>
/// <param name="FrameCount">Whole frames between <paramref name="DataStart"/> and the end of the data.</param>
internal readonly record struct WavHeader(SampleFormat Format, int SampleRate, int AudioChannels, long DataStart, long FrameCount)
{
    /// <summary>Bytes of one sample, 1 to 8.</summary>
    public int BytesPerSample => Format switch
    {
        SampleFormat.Pcm8 => 1,
        SampleFormat.Pcm16 => 2,
        SampleFormat.Pcm24 => 3,
        SampleFormat.Pcm32 or SampleFormat.Float32 => 4,
        _ => 8,
    };

    /// <summary>Bytes of one frame, 1 to 512.</summary>
    public int BytesPerFrame => BytesPerSample * AudioChannels;
}
