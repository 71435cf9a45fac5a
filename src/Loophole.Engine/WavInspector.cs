using Loophole.Cluster.Media;
using Loophole.Engine.Media;

namespace Loophole.Engine;

/// <summary>Reads the headers of WAV files: RIFF, RF64 and BW64 with PCM of 8 to 32 bits or IEEE float of 32 or 64, plain or extensible. Stateless, safe for concurrent use.</summary>
public sealed class WavInspector : IMediaInspector
{
    /// <inheritdoc/>
    public MediaInfo Inspect(IMediaContent content, string name)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(name);
        var header = WavHeaderReader.Read(content, name);
        return new MediaInfo(header.SampleRate, header.AudioChannels, header.FrameCount);
    }
}
