namespace Loophole.Cluster.Links;

/// <summary>What is said of a block of audio on a link.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Epoch">The stream's epoch when it was sent.</param>
/// <param name="StartFrame">Render frame of the first frame.</param>
/// <param name="FrameCount">Frames, 1 or more.</param>
/// <param name="AudioChannels">Audio channels, 1 to 64.</param>
public readonly record struct AudioBlockHeader(int StreamId, int Epoch, long StartFrame, int FrameCount, int AudioChannels);
