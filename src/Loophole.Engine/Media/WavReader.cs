using Loophole.Cluster.Audio;
using Loophole.Cluster.Media;

namespace Loophole.Engine.Media;

/// <summary>Decodes stretches of a WAV file. Owns its buffers, made once; not thread-safe.</summary>
internal sealed class WavReader
{
    private const int StoredBytes = 32 * 1024;

    private readonly byte[] _stored = new byte[StoredBytes];
    private readonly float[] _decoded = new float[StoredBytes / 2];

    /// <summary>Decodes frames that lie inside the file. Allocates nothing.</summary>
    /// <param name="content">The file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="startFrame">First frame.</param>
    /// <param name="destination">One run of <paramref name="stride"/> samples for each of <paramref name="audioChannels"/>.</param>
    /// <param name="stride">Samples from one run to the next.</param>
    /// <param name="frameCount">Frames to decode to the start of each run.</param>
    /// <param name="audioChannels">1 to the file's channels: the first so many. When 1 and the file has more: their average.</param>
    /// <exception cref="MediaException">The file cannot be read, or is shorter than it was.</exception>
    public void Read(IMediaContent content, in WavHeader header, long startFrame, Span<float> destination, int stride, int frameCount, int audioChannels)
    {
        for (var done = 0; done < frameCount;)
        {
            var stored = ReadStored(content, header, startFrame + done, frameCount - done);
            var count = stored.Length / header.BytesPerFrame;
            if (audioChannels == 1 && header.AudioChannels > 1)
            {
                Average(stored, header, destination.Slice(done, count));
            }
            else
            {
                for (var channel = 0; channel < audioChannels; channel++)
                {
                    SampleDecoder.Decode(stored, header, channel, destination.Slice((channel * stride) + done, count));
                }
            }

            done += count;
        }
    }

    /// <summary>Decodes frames of all audio channels. Allocates nothing.</summary>
    /// <param name="content">The file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="startFrame">First frame.</param>
    /// <param name="destination">As many audio channels as the file has; frames that lie inside the file.</param>
    /// <exception cref="MediaException">The file cannot be read, or is shorter than it was.</exception>
    public void ReadAll(IMediaContent content, in WavHeader header, long startFrame, AudioBuffer destination)
    {
        for (var done = 0; done < destination.FrameCount;)
        {
            var stored = ReadStored(content, header, startFrame + done, destination.FrameCount - done);
            var count = stored.Length / header.BytesPerFrame;
            for (var channel = 0; channel < destination.ChannelCount; channel++)
            {
                SampleDecoder.Decode(stored, header, channel, destination.Channel(channel).Slice(done, count));
            }

            done += count;
        }
    }

    /// <summary>Whole frames as they are stored: as many as are wanted, or as the buffer holds.</summary>
    private ReadOnlySpan<byte> ReadStored(IMediaContent content, in WavHeader header, long startFrame, int frameCount)
    {
        var count = Math.Min(StoredBytes / header.BytesPerFrame, frameCount);
        var stored = _stored.AsSpan(0, count * header.BytesPerFrame);
        return content.Read(header.DataStart + (startFrame * header.BytesPerFrame), stored) == stored.Length
            ? stored
            : throw new MediaException(MediaError.Corrupt, $"The file ends before frame {startFrame + count}, which its header promises.");
    }

    private void Average(ReadOnlySpan<byte> stored, in WavHeader header, Span<float> destination)
    {
        SampleDecoder.Decode(stored, header, 0, destination);
        var decoded = _decoded.AsSpan(0, destination.Length);
        for (var channel = 1; channel < header.AudioChannels; channel++)
        {
            SampleDecoder.Decode(stored, header, channel, decoded);
            for (var frame = 0; frame < decoded.Length; frame++)
            {
                destination[frame] += decoded[frame];
            }
        }

        for (var frame = 0; frame < destination.Length; frame++)
        {
            destination[frame] /= header.AudioChannels;
        }
    }
}
