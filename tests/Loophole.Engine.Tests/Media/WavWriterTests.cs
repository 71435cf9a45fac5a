using System.Buffers.Binary;
using System.Security.Cryptography;
using Loophole.Cluster.Media;
using Loophole.Engine.Media;

namespace Loophole.Engine.Tests.Media;

public sealed class WavWriterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("loophole-wav-");

    private string Target => Path.Combine(_folder.FullName, "mix.wav");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void What_was_appended_is_read_back_bit_by_bit(int audioChannels)
    {
        var random = new Random(7);
        float[] samples = [.. Enumerable.Range(0, audioChannels * 100_001).Select(_ => (random.NextSingle() - 0.5f) * 4)];
        string hash;
        using (var writer = new WavWriter(Target, audioChannels, 44100))
        {
            for (var at = 0; at < samples.Length;)
            {
                var count = Math.Min(samples.Length - at, random.Next(0, 50_000) * audioChannels);
                writer.Write(samples.AsSpan(at, count));
                at += count;
            }

            Assert.Equal(100_001, writer.FrameCount);
            hash = writer.Complete();
        }

        var file = File.ReadAllBytes(Target);
        Assert.Equal(file.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)));
        Assert.Equal(new MediaInfo(44100, audioChannels, 100_001), new WavInspector().Inspect(new BytesContent(file), "mix.wav"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file.AsSpan(file.Length - (samples.Length * 4)))), hash);
        var read = WavBytes.Decode(file);
        Assert.All(Enumerable.Range(0, samples.Length), i => Assert.Equal(samples[i], read[i % audioChannels][i / audioChannels]));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void Without_commit_nothing_stays_and_an_older_file_is_untouched()
    {
        File.WriteAllText(Target, "older");
        using (var writer = new WavWriter(Target, 2, 48000))
        {
            writer.Write(new float[200_000]);
            Assert.Equal(2, _folder.GetFiles().Length);
            Assert.Throws<ArgumentException>(() => writer.Write(new float[3]));
        }

        Assert.Equal("older", File.ReadAllText(Assert.Single(_folder.GetFiles()).FullName));
    }

    [Fact]
    public void Complete_replaces_an_older_file_and_ends_the_writer()
    {
        File.WriteAllText(Target, "older");
        using var writer = new WavWriter(Target, 1, 48000);
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", writer.Complete());
        Assert.Equal(0, new WavInspector().Inspect(new BytesContent(File.ReadAllBytes(Target)), "x").FrameCount);
        Assert.Throws<ObjectDisposedException>(() => writer.Write([1f]));
        Assert.Throws<ObjectDisposedException>(writer.Complete);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        var nowhere = Path.Combine(_folder.FullName, "no", "such", "folder", "mix.wav");
        Assert.Contains(nowhere, Assert.Throws<IOException>(() => new WavWriter(nowhere, 1, 48000)).Message, StringComparison.Ordinal);
        Assert.Contains(_folder.FullName, Assert.Throws<IOException>(() => new WavWriter(_folder.FullName, 1, 48000)).Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void A_target_that_becomes_a_folder_fails_and_leaves_nothing()
    {
        using (var writer = new WavWriter(Target, 1, 48000))
        {
            Directory.CreateDirectory(Target);
            Assert.Contains(Target, Assert.Throws<IOException>(writer.Complete).Message, StringComparison.Ordinal);
        }

        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData(2, (1L << 29) - 100, "RIFF")]
    [InlineData(2, 1L << 29, "RF64")]
    [InlineData(3, 20_000_000_000, "RF64")]
    public void Past_4_GiB_the_header_is_RF64_and_is_read_back(int audioChannels, long frames, string form)
    {
        var header = new byte[WavHeaderWriter.Length(audioChannels)];
        WavHeaderWriter.Write(header, audioChannels, 96000, frames);
        Assert.Equal(form, System.Text.Encoding.ASCII.GetString(header, 0, 4));
        using var content = new BytesContent(header, header.Length + (frames * audioChannels * 4));
        Assert.Equal(new MediaInfo(96000, audioChannels, frames), new WavInspector().Inspect(content, "large.wav"));
    }
}
