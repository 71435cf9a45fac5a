using System.Buffers.Binary;

namespace Loophole.Engine.Media;

/// <summary>The fmt chunk, checked: Microsoft's WAVEFORMATEX and WAVEFORMATEXTENSIBLE.</summary>
internal readonly record struct WavFormatChunk(SampleFormat Format, int SampleRate, int AudioChannels)
{
    /// <summary>Bytes of the longest form that is looked at.</summary>
    public const int MaxBytes = 40;

    private const int TagPcm = 1;
    private const int TagFloat = 3;
    private const int TagExtensible = 0xFFFE;
    private const int MostAudioChannels = 64;
    private const int HighestRate = 768_000;

    /// <summary>The last 14 bytes of every subformat GUID that merely wraps a format tag.</summary>
    public static ReadOnlySpan<byte> GuidTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Reads the chunk.</summary>
    /// <param name="bytes">The body of the chunk, as far as it is known, at most <see cref="MaxBytes"/>.</param>
    /// <param name="faults">Makes the exceptions.</param>
    public static WavFormatChunk Read(ReadOnlySpan<byte> bytes, WavFaults faults)
    {
        if (bytes.Length < 16)
        {
            throw faults.Corrupt($"the fmt chunk has {bytes.Length} bytes, too few");
        }

        int tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        int audioChannels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var sampleRate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        int bytesPerFrame = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (tag == TagExtensible)
        {
            tag = ReadExtension(bytes, bits, faults);
        }

        CheckRange("channels", audioChannels, MostAudioChannels, faults);
        CheckRange("frames per second", sampleRate, HighestRate, faults);
        var format = FormatOf(tag, bits, faults);
        var expected = new WavHeader(format, (int)sampleRate, audioChannels, 0, 0).BytesPerFrame;
        return bytesPerFrame == expected
            ? new WavFormatChunk(format, (int)sampleRate, audioChannels)
            : throw faults.Corrupt($"the fmt chunk says {bytesPerFrame} bytes per frame where its {audioChannels} channels of {bits} bits take {expected}");
    }

    private static int ReadExtension(ReadOnlySpan<byte> bytes, int bits, WavFaults faults)
    {
        if (bytes.Length < MaxBytes)
        {
            throw faults.Corrupt($"the fmt chunk has {bytes.Length} bytes, too few for an extensible format");
        }

        int validBits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
        if (validBits > bits)
        {
            throw faults.Corrupt($"the fmt chunk says {validBits} valid bits in samples of {bits} bits");
        }

        // Valid bits stand at the top of the sample, so that a sample is scaled by its full width whatever their number.
        return bytes[26..40].SequenceEqual(GuidTail)
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..])
            : throw faults.Unsupported($"the fmt chunk says subformat {new Guid(bytes[24..40])}, which is neither PCM nor float");
    }

    private static SampleFormat FormatOf(int tag, int bits, WavFaults faults) => (tag, bits) switch
    {
        (TagPcm, 0) => throw faults.Corrupt("the fmt chunk says 0 bits per sample"),
        (TagPcm, <= 8) => SampleFormat.Pcm8,
        (TagPcm, <= 16) => SampleFormat.Pcm16,
        (TagPcm, <= 24) => SampleFormat.Pcm24,
        (TagPcm, <= 32) => SampleFormat.Pcm32,
        (TagFloat, 32) => SampleFormat.Float32,
        (TagFloat, 64) => SampleFormat.Float64,
        (TagPcm or TagFloat, _) => throw faults.Unsupported($"the fmt chunk says {(tag == TagPcm ? "PCM" : "float")} samples of {bits} bits"),
        _ => throw faults.Unsupported($"the fmt chunk says format 0x{tag:X4}, which is neither PCM nor float"),
    };

    private static void CheckRange(string what, long value, long highest, WavFaults faults)
    {
        if (value == 0)
        {
            throw faults.Corrupt($"the fmt chunk says 0 {what}");
        }

        if (value > highest)
        {
            throw faults.Unsupported($"the fmt chunk says {value} {what}, more than {highest}");
        }
    }
}
