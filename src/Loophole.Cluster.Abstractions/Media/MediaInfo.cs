namespace Loophole.Cluster.Media;

/// <summary>What an asset's header says of its audio.</summary>
/// <param name="SampleRate">Frames per second, 1 to 768,000.</param>
/// <param name="AudioChannels">1 to 64.</param>
/// <param name="FrameCount">Frames, 0 or more.</param>
public readonly record struct MediaInfo(int SampleRate, int AudioChannels, long FrameCount);
