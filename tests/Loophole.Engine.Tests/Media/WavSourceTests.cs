using Loophole.Cluster.Audio;
using Loophole.Cluster.Media;

namespace Loophole.Engine.Tests.Media;

public sealed class WavSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("loophole-wav-");

    private string File => Path.Combine(_folder.FullName, "in.wav");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1, 20_001)]
    [InlineData(3, 4_096)]
    [InlineData(5, 1)]
    public void Any_stretch_is_read_bit_by_bit(int audioChannels, int most)
    {
        const int Frames = 30_000;
        var random = new Random(7);
        float[][] channels = [.. Enumerable.Range(0, audioChannels).Select(_ => Enumerable.Range(0, Frames).Select(_ => (random.NextSingle() - 0.5f) * 4).ToArray())];
        System.IO.File.WriteAllBytes(File, WavBytes.Float(44100, channels));
        using var source = new WavSource(File);
        Assert.Equal(new MediaInfo(44100, audioChannels, Frames), source.Info);
        for (var start = Frames - 1; start >= 0; start -= random.Next(1, Math.Max(most, 100)))
        {
            var count = Math.Min(most, Frames - start);
            var read = new float[audioChannels * (count + 3)];
            source.Read(start, new AudioBuffer(read, audioChannels, count + 3, count));
            for (var channel = 0; channel < audioChannels; channel++)
            {
                Assert.True(read.AsSpan(channel * (count + 3), count).SequenceEqual(channels[channel].AsSpan(start, count)), $"Channel {channel}, {count} frames from {start} on.");
            }
        }
    }

    [Fact]
    public void What_is_not_in_the_file_is_not_read()
    {
        System.IO.File.WriteAllBytes(File, WavBytes.Float(44100, [1f, 2f], [3f, 4f]));
        using var source = new WavSource(File);
        Assert.Throws<ArgumentException>(() => source.Read(0, new AudioBuffer(new float[2], 1, 2, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(-1, new AudioBuffer(new float[4], 2, 2, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(1, new AudioBuffer(new float[4], 2, 2, 2)));
    }

    [Fact]
    public void What_cannot_be_opened_or_is_cut_short_is_named()
    {
        Assert.Throws<ArgumentException>(() => Open(""));
        AssertNamed(MediaError.NotFound, File, () => Open(File));
        AssertNamed(MediaError.NotFound, File, () => Open(Path.Combine(File, "in.wav")));
        AssertNamed(MediaError.Unreadable, _folder.FullName, () => Open(_folder.FullName));
        System.IO.File.WriteAllText(File, "OggS, and some more text");
        AssertNamed(MediaError.Unsupported, File, () => Open(File));
        System.IO.File.WriteAllBytes(File, WavBytes.Float(44100, new float[1000]));
        using var source = new WavSource(File);
        using (var file = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(500);
        }

        AssertNamed(MediaError.Corrupt, File, () => source.Read(0, new AudioBuffer(new float[1000], 1, 1000, 1000)));
    }

    private static void Open(string path) => new WavSource(path).Dispose();

    private static void AssertNamed(MediaError error, string path, Action open)
    {
        var refused = Assert.Throws<MediaException>(open);
        Assert.Equal(error, refused.Error);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }
}
