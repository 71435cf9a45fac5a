using Loophole.Cluster.Media;

namespace Loophole.Engine.Tests.Media;

public sealed class WavReadingTests
{
    private static readonly byte[] Silence16 = WavBytes.Riff(WavBytes.Chunk("fmt ", WavBytes.Format(1, 1, 48000, 16)), WavBytes.Chunk("data", 0, 0, 0, 0));

    public static TheoryData<string, byte[], byte[], float[]> Formats => new()
    {
        { "PCM 8", WavBytes.Format(1, 1, 8000, 8), [0, 64, 128, 255], [-1f, -0.5f, 0f, 127f / 128] },
        { "PCM 16", WavBytes.Format(1, 1, 8000, 16), [0, 0x80, 0xFF, 0x7F, 1, 0, 0xFF, 0xFF], [-1f, 32767f / 32768, 1f / 32768, -1f / 32768] },
        { "PCM 12 in 16", WavBytes.Format(1, 1, 8000, 12), [0, 0x40], [0.5f] },
        { "PCM 24", WavBytes.Format(1, 1, 8000, 24), [0, 0, 0x80, 0xFF, 0xFF, 0x7F, 1, 0, 0, 0xFF, 0xFF, 0xFF], [-1f, 8388607f / 8388608, 1f / 8388608, -1f / 8388608] },
        { "PCM 32", WavBytes.Format(1, 1, 8000, 32), [0, 0, 0, 0x80, 0, 0, 0, 0x40, 1, 0, 0, 0, 0x40, 0, 0, 1], [-1f, 0.5f, 1f / 2147483648, 16777280f / 2147483648] },
        { "float 32", WavBytes.Format(3, 1, 8000, 32), [.. BitConverter.GetBytes(0.1f), .. BitConverter.GetBytes(-7.5f)], [0.1f, -7.5f] },
        { "float 64", WavBytes.Format(3, 1, 8000, 64), [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-7.5)], [0.1f, -7.5f] },
        { "extensible 20 in 24", WavBytes.Extensible(1, 1, 8000, 24, 20), [0x10, 0, 0, 0, 0, 0xC0], [16f / 8388608, -0.5f] },
        { "extensible 24 in 32", WavBytes.Extensible(1, 1, 8000, 32, 24), [0, 1, 0, 0], [256f / 2147483648] },
        { "extensible float 32", WavBytes.Extensible(3, 1, 8000, 32, 32), BitConverter.GetBytes(0.3f), [0.3f] },
        { "not finite", WavBytes.Format(3, 1, 8000, 32), [.. BitConverter.GetBytes(float.NaN), .. BitConverter.GetBytes(float.NegativeInfinity), .. BitConverter.GetBytes(1f)], [0f, 0f, 1f] },
        { "beyond float", WavBytes.Format(3, 1, 8000, 64), [.. BitConverter.GetBytes(1e300), .. BitConverter.GetBytes(double.NaN)], [0f, 0f] },
    };

    public static TheoryData<string, byte[], MediaError, string> Broken => new()
    {
        { "empty", [], MediaError.Corrupt, "0 bytes" },
        { "not RIFF", "OggS, and some more text"u8.ToArray(), MediaError.Unsupported, "not a WAV file" },
        { "big-endian", [.. "RIFX"u8, 0, 0, 0, 4, .. "WAVE"u8], MediaError.Unsupported, "RIFX" },
        { "AVI", [.. "RIFF"u8, 4, 0, 0, 0, .. "AVI "u8], MediaError.Unsupported, "not of the form WAVE" },
        { "no fmt", WavBytes.Riff(WavBytes.Chunk("data", 0, 0)), MediaError.Corrupt, "no fmt chunk" },
        { "no data", WavBytes.Riff(WavBytes.Chunk("fmt ", WavBytes.Format(1, 1, 48000, 16))), MediaError.Corrupt, "no data chunk" },
        { "short fmt", Wav([1, 0, 1, 0]), MediaError.Corrupt, "fmt chunk has 4 bytes" },
        { "0 channels", Wav(WavBytes.Format(1, 0, 48000, 16)), MediaError.Corrupt, "the fmt chunk says 0 channels" },
        { "65 channels", Wav(WavBytes.Format(1, 65, 48000, 16)), MediaError.Unsupported, "65 channels" },
        { "rate 0", Wav(WavBytes.Format(1, 1, 0, 16)), MediaError.Corrupt, "0 frames per second" },
        { "rate of MHz", Wav(WavBytes.Format(1, 1, 1_000_000, 16)), MediaError.Unsupported, "1000000 frames per second" },
        { "0 bits", Wav(WavBytes.Format(1, 1, 48000, 0)), MediaError.Corrupt, "0 bits" },
        { "40 bits", Wav(WavBytes.Format(1, 1, 48000, 40)), MediaError.Unsupported, "40 bits" },
        { "half float", Wav(WavBytes.Format(3, 1, 48000, 16)), MediaError.Unsupported, "float samples of 16 bits" },
        { "ADPCM", Wav(WavBytes.Format(2, 1, 48000, 4)), MediaError.Unsupported, "format 0x0002" },
        { "bad frame size", Wav(WavBytes.Format(1, 2, 48000, 16, 3)), MediaError.Corrupt, "3 bytes per frame" },
        { "short extensible", Wav(WavBytes.Format(0xFFFE, 1, 48000, 16)), MediaError.Corrupt, "too few for an extensible format" },
        { "too many valid bits", Wav(WavBytes.Extensible(1, 1, 48000, 16, 17)), MediaError.Corrupt, "17 valid bits" },
        { "foreign subformat", Wav([.. WavBytes.Extensible(1, 1, 48000, 16, 16)[..39], 0]), MediaError.Unsupported, "subformat 00000001-0000-0010-8000-00aa00389b00" },
        { "truncated", Silence16[..^1], MediaError.Corrupt, "the data chunk says 4 bytes where 3 are left" },
        { "chunk beyond the end", [.. WavBytes.Riff(), .. "LI\0T"u8, 9, 0, 0, 0], MediaError.Corrupt, "the LI?T chunk says 9 bytes where 0 are left" },
        { "RF64 without ds64", Rf64(new byte[4], []), MediaError.Corrupt, "no ds64 chunk" },
        { "RF64 with short ds64", Rf64(new byte[4], WavBytes.Chunk("ds64", 1, 2, 3)), MediaError.Corrupt, "ds64 chunk has 3 bytes" },
        { "RF64 truncated", Rf64(new byte[4], Sizes(5)), MediaError.Corrupt, "the data chunk says 5 bytes where 4 are left" },
        { "RF64 beyond 2^63", Rf64(new byte[4], Sizes(ulong.MaxValue - 1)), MediaError.Corrupt, "where 4 are left" },
        { "chunks without end", WavBytes.Riff([.. Enumerable.Repeat(WavBytes.Chunk("junk"), 5000)]), MediaError.Corrupt, "among its first 4096" },
    };

    [Theory, MemberData(nameof(Formats))]
    public void Every_sample_format_decodes_to_its_exact_value(string name, byte[] format, byte[] data, float[] expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, WavBytes.Decode(WavBytes.Riff(WavBytes.Chunk("fmt ", format), WavBytes.Chunk("data", data)))[0]);
    }

    [Theory, MemberData(nameof(Broken))]
    public void A_broken_file_is_refused_with_its_name_and_the_field(string name, byte[] file, MediaError error, string field)
    {
        var refused = Assert.Throws<MediaException>(() => new WavInspector().Inspect(new BytesContent(file), $"{name}.wav"));
        Assert.Equal(error, refused.Error);
        Assert.StartsWith($"{name}.wav: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(field, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_come_in_any_order_with_unknown_ones_between_and_odd_ones_padded()
    {
        var file = WavBytes.Riff(WavBytes.Chunk("LIST", 1, 2, 3), WavBytes.Chunk("data", 0x80, 0xC0, 0x40), WavBytes.Chunk("bext", 9), WavBytes.Chunk("fmt ", WavBytes.Format(1, 1, 44100, 8)));
        Assert.Equal(new MediaInfo(44100, 1, 3), new WavInspector().Inspect(new BytesContent(file), "x"));
        Assert.Equal([0f, 0.5f, -0.5f], WavBytes.Decode(file)[0]);
    }

    [Fact]
    public void Interleaved_channels_come_apart_and_half_a_last_frame_is_dropped()
    {
        var file = WavBytes.Riff(WavBytes.Chunk("fmt ", WavBytes.Format(1, 3, 44100, 8)), WavBytes.Chunk("data", 0, 64, 128, 192, 128, 64, 7));
        Assert.Equal([[-1f, 0.5f], [-0.5f, 0f], [0f, -0.5f]], WavBytes.Decode(file));
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(36u, 0u)]
    [InlineData(uint.MaxValue, 0u)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(0x7FFFF024u, 0x7FFFF000u)]
    [InlineData(0x80000024u, 0x80000000u)]
    public void A_streamed_file_reaches_as_far_as_its_bytes(uint riffSize, uint dataSize)
    {
        var file = (byte[])Silence16.Clone();
        BitConverter.TryWriteBytes(file.AsSpan(4), riffSize);
        BitConverter.TryWriteBytes(file.AsSpan(40), dataSize);
        Assert.Equal(2, new WavInspector().Inspect(new BytesContent(file), "x").FrameCount);
    }

    [Fact]
    public void A_file_with_no_samples_and_something_behind_them_is_empty()
    {
        var file = WavBytes.Riff(WavBytes.Chunk("fmt ", WavBytes.Format(1, 1, 48000, 16)), WavBytes.Chunk("data"), WavBytes.Chunk("LIST", 1, 2, 3, 4));
        Assert.Equal(0, new WavInspector().Inspect(new BytesContent(file), "x").FrameCount);
    }

    [Theory]
    [InlineData("RF64")]
    [InlineData("BW64")]
    public void A_64_bit_size_stands_in_the_ds64_chunk(string form)
    {
        var file = Rf64(new byte[6], Sizes(6));
        System.Text.Encoding.ASCII.GetBytes(form).CopyTo(file, 0);
        Assert.Equal(3, new WavInspector().Inspect(new BytesContent(file), "x").FrameCount);
        var large = Rf64([], Sizes(10L << 30));
        Assert.Equal(5L << 30, new WavInspector().Inspect(new BytesContent(large, large.Length + (10L << 30)), "x").FrameCount);
    }

    [Fact]
    public void Mutated_and_truncated_headers_throw_nothing_but_MediaException_and_allocate_little()
    {
        const int Seed = 20261;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        byte[][] originals =
        [
            Silence16,
            WavBytes.Riff(WavBytes.Chunk("LIST", 1, 2, 3), WavBytes.Chunk("fmt ", WavBytes.Extensible(1, 2, 96000, 24, 20)), WavBytes.Chunk("data", new byte[60])),
            Rf64(new byte[64], Sizes(64)),
            WavBytes.Float(44100, new float[20], new float[20], new float[20]),
        ];
        var samples = new float[64 * 4096];
        var reader = new Loophole.Engine.Media.WavReader();
        var good = 0;
        for (var round = 0; round < 50_000; round++)
        {
            var file = (byte[])originals[round % originals.Length].Clone();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                file[random.Next(file.Length)] = random.Next(4) switch { 0 => 0, 1 => 0xFF, 2 => 0x7F, _ => (byte)random.Next(256) };
            }

            file = random.Next(3) == 0 ? file[..random.Next(file.Length)] : file;
            var content = new BytesContent(file);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var header = Loophole.Engine.Media.WavHeaderReader.Read(content, "fuzz.wav");
                Assert.InRange(header.AudioChannels, 1, 64);
                Assert.InRange(header.SampleRate, 1, 768_000);
                Assert.InRange(header.DataStart + (header.FrameCount * header.BytesPerFrame), 0, file.Length);
                reader.Read(content, header, 0, samples, 4096, (int)header.FrameCount, header.AudioChannels);
                good++;
            }
            catch (MediaException refused)
            {
                Assert.True(refused.Error is MediaError.Corrupt or MediaError.Unsupported, refused.Message);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        }

        Assert.InRange(good, 1000, 49_000);
    }

    private static byte[] Wav(byte[] format) => WavBytes.Riff(WavBytes.Chunk("fmt ", format), WavBytes.Chunk("data", new byte[12]));

    private static byte[] Sizes(ulong dataBytes) => WavBytes.Chunk("ds64", [.. new byte[8], .. BitConverter.GetBytes(dataBytes), .. new byte[12]]);

    private static byte[] Sizes(long dataBytes) => Sizes((ulong)dataBytes);

    private static byte[] Rf64(byte[] data, byte[] sizes) =>
        [.. "RF64"u8, 255, 255, 255, 255, .. "WAVE"u8, .. sizes, .. WavBytes.Chunk("fmt ", WavBytes.Format(1, 1, 48000, 16)), .. "data"u8, 255, 255, 255, 255, .. data];
}
