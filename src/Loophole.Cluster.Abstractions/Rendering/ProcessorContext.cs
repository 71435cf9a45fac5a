using Loophole.Cluster.Media;

namespace Loophole.Cluster.Rendering;

/// <summary>What a processor is made for.</summary>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="AudioChannels">Width of the Channel it stands in.</param>
/// <param name="MaxBlockFrames">The most frames a call will carry.</param>
/// <param name="Media">Where clips are read from.</param>
public sealed record ProcessorContext(int SampleRate, int AudioChannels, int MaxBlockFrames, IMediaStore Media);
