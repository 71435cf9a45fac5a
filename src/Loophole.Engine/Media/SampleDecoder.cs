using System.Buffers.Binary;

namespace Loophole.Engine.Media;

/// <summary>Turns stored samples into 32-bit float. Integers are divided by 2^(bits − 1), which is exact up to 24 bits and correctly rounded above.</summary>
internal static class SampleDecoder
{
    /// <summary>Decodes one audio channel. Float samples that are not finite, or do not fit 32 bits, become 0.</summary>
    /// <param name="frames">Interleaved frames as stored.</param>
    /// <param name="header">Their format.</param>
    /// <param name="audioChannel">0 to the file's channels − 1.</param>
    /// <param name="destination">One sample for each frame.</param>
    public static void Decode(ReadOnlySpan<byte> frames, in WavHeader header, int audioChannel, Span<float> destination)
    {
        var stride = header.BytesPerFrame;
        var at = audioChannel * header.BytesPerSample;
        switch (header.Format)
        {
            case SampleFormat.Pcm8:
                for (var frame = 0; frame < destination.Length; frame++, at += stride)
                {
                    destination[frame] = (frames[at] - 128) * (1f / (1 << 7));
                }

                break;
            case SampleFormat.Pcm16:
                for (var frame = 0; frame < destination.Length; frame++, at += stride)
                {
                    destination[frame] = BinaryPrimitives.ReadInt16LittleEndian(frames[at..]) * (1f / (1 << 15));
                }

                break;
            case SampleFormat.Pcm24:
                for (var frame = 0; frame < destination.Length; frame++, at += stride)
                {
                    var value = BinaryPrimitives.ReadUInt16LittleEndian(frames[at..]) | ((sbyte)frames[at + 2] << 16);
                    destination[frame] = value * (1f / (1 << 23));
                }

                break;
            case SampleFormat.Pcm32:
                for (var frame = 0; frame < destination.Length; frame++, at += stride)
                {
                    destination[frame] = BinaryPrimitives.ReadInt32LittleEndian(frames[at..]) * (1f / (1u << 31));
                }

                break;
            case SampleFormat.Float32:
                for (var frame = 0; frame < destination.Length; frame++, at += stride)
                {
                    destination[frame] = Finite(BinaryPrimitives.ReadSingleLittleEndian(frames[at..]));
                }

                break;
            default:
                for (var frame = 0; frame < destination.Length; frame++, at += stride)
                {
                    destination[frame] = Finite((float)BinaryPrimitives.ReadDoubleLittleEndian(frames[at..]));
                }

                break;
        }
    }

    private static float Finite(float value) => float.IsFinite(value) ? value : 0;
}
