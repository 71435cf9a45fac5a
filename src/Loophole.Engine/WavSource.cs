using Loophole.Cluster.Audio;
using Loophole.Cluster.Media;
using Loophole.Engine.Media;

namespace Loophole.Engine;

/// <summary>Reads the samples of a WAV file, of the kinds that <see cref="WavInspector"/> knows. Not thread-safe.</summary>
/// <remarks>Integers are divided by 2^(bits − 1), which is exact up to 24 bits and correctly rounded above. Samples of 32-bit float come as they are stored; those that are not finite, or
/// do not fit 32 bits, become 0.</remarks>
public sealed class WavSource : ISampleSource
{
    private readonly FileContent _content;
    private readonly WavHeader _header;
    private readonly WavReader _reader = new();

    /// <summary>Opens the file and reads its header. [any]</summary>
    /// <param name="path">The file; it is not to be changed meanwhile.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="MediaException">There is no such file, or none that is read here; the message names it.</exception>
    public WavSource(string path)
    {
        _content = new FileContent(path);
        try
        {
            _header = WavHeaderReader.Read(_content, path);
        }
        catch
        {
            _content.Dispose();
            throw;
        }

        Info = new MediaInfo(_header.SampleRate, _header.AudioChannels, _header.FrameCount);
    }

    /// <inheritdoc/>
    public MediaInfo Info { get; }

    /// <inheritdoc/>
    public void Read(long startFrame, AudioBuffer destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startFrame, Info.FrameCount - destination.FrameCount);
        if (destination.ChannelCount != Info.AudioChannels)
        {
            throw new ArgumentException($"{destination.ChannelCount} channels are not the {Info.AudioChannels} of the file.", nameof(destination));
        }

        _reader.ReadAll(_content, _header, startFrame, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();
}
