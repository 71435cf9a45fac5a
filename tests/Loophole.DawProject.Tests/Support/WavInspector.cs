using System.Buffers.Binary;
using Loophole.Cluster.Media;

namespace Loophole.DawProject.Tests.Support;

/// <summary>Reads the 44-byte headers that <see cref="Wav"/> makes.</summary>
internal sealed class WavInspector : IMediaInspector
{
    public MediaInfo Inspect(IMediaContent content, string name)
    {
        Span<byte> header = stackalloc byte[44];
        if (content.Read(0, header) < 44 || !header[..4].SequenceEqual("RIFF"u8))
        {
            throw new MediaException(MediaError.Corrupt, $"{name} is no WAV file.");
        }

        var channels = BinaryPrimitives.ReadInt16LittleEndian(header[22..]);
        return new MediaInfo(BinaryPrimitives.ReadInt32LittleEndian(header[24..]), channels, (content.Length - 44) / (2 * channels));
    }
}
