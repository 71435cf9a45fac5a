using System.Buffers.Binary;

namespace Loophole.Engine.Media;

/// <summary>Lays out the header of a 32-bit float WAV file. Its length does not depend on the number of frames, so it can be written again at the end.</summary>
/// <remarks>A JUNK chunk keeps room for ds64; past 4 GiB the file becomes RF64 in place (EBU Tech 3306). More than two audio channels need the
/// extensible format; its channel mask is 0, which leaves the speakers unnamed.</remarks>
internal static class WavHeaderWriter
{
    /// <summary>Bytes of the longest header.</summary>
    public const int MaxBytes = 12 + SizesBytes + 8 + ExtensibleBytes + 12 + 8;

    private const int SizesBytes = 36;
    private const int PlainBytes = 18;
    private const int ExtensibleBytes = 40;

    /// <summary>Bytes of the header for a number of audio channels.</summary>
    public static int Length(int audioChannels) => audioChannels > 2 ? MaxBytes : MaxBytes - ExtensibleBytes + PlainBytes;

    /// <summary>Writes the header.</summary>
    /// <param name="header">Receives <see cref="Length"/> bytes.</param>
    /// <param name="audioChannels">1 to 64.</param>
    /// <param name="sampleRate">Frames per second.</param>
    /// <param name="frameCount">Frames that follow.</param>
    public static void Write(Span<byte> header, int audioChannels, int sampleRate, long frameCount)
    {
        header = header[..Length(audioChannels)];
        header.Clear();
        var bytesPerFrame = audioChannels * sizeof(float);
        var dataBytes = frameCount * bytesPerFrame;
        var riffBytes = header.Length - 8 + dataBytes;
        var is64 = riffBytes >= uint.MaxValue;

        Tag(header, is64 ? "RF64"u8 : "RIFF"u8, Capped(riffBytes));
        "WAVE"u8.CopyTo(header[8..]);
        var sizes = header[12..];
        Tag(sizes, is64 ? "ds64"u8 : "JUNK"u8, SizesBytes - 8);
        if (is64)
        {
            BinaryPrimitives.WriteInt64LittleEndian(sizes[8..], riffBytes);
            BinaryPrimitives.WriteInt64LittleEndian(sizes[16..], dataBytes);
            BinaryPrimitives.WriteInt64LittleEndian(sizes[24..], frameCount);
        }

        var afterFormat = WriteFormat(sizes[SizesBytes..], audioChannels, sampleRate, bytesPerFrame);
        Tag(afterFormat, "fact"u8, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(afterFormat[8..], Capped(frameCount));
        Tag(afterFormat[12..], "data"u8, is64 ? uint.MaxValue : (uint)dataBytes);
    }

    private static Span<byte> WriteFormat(Span<byte> format, int audioChannels, int sampleRate, int bytesPerFrame)
    {
        const ushort Float = 3;
        const ushort Extensible = 0xFFFE;
        var isExtensible = audioChannels > 2;
        var length = isExtensible ? ExtensibleBytes : PlainBytes;
        Tag(format, "fmt "u8, (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(format[8..], isExtensible ? Extensible : Float);
        BinaryPrimitives.WriteUInt16LittleEndian(format[10..], (ushort)audioChannels);
        BinaryPrimitives.WriteInt32LittleEndian(format[12..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(format[16..], sampleRate * bytesPerFrame);
        BinaryPrimitives.WriteUInt16LittleEndian(format[20..], (ushort)bytesPerFrame);
        BinaryPrimitives.WriteUInt16LittleEndian(format[22..], 8 * sizeof(float));
        if (isExtensible)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(format[24..], ExtensibleBytes - PlainBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(format[26..], 8 * sizeof(float));
            BinaryPrimitives.WriteUInt16LittleEndian(format[32..], Float);
            WavFormatChunk.GuidTail.CopyTo(format[34..]);
        }

        return format[(8 + length)..];
    }

    private static void Tag(Span<byte> chunk, ReadOnlySpan<byte> tag, uint size)
    {
        tag.CopyTo(chunk);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[4..], size);
    }

    private static uint Capped(long value) => (uint)Math.Min(value, uint.MaxValue);
}
