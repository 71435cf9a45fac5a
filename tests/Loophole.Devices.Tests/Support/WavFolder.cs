using Loophole.Cluster.Audio;
using Loophole.Engine;

namespace Loophole.Devices.Tests.Support;

/// <summary>A folder of WAV files, for one test. Samples are planar: one array for each channel.</summary>
internal sealed class WavFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("loophole-devices-");

    public IEnumerable<string> Files => _folder.EnumerateFiles().Select(file => file.Name).Order();

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Other samples in every channel and every frame; always the same ones.</summary>
    public static float[][] Noise(int channels, int frames)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, channels).Select(_ => Enumerable.Range(0, frames).Select(_ => (random.NextSingle() * 4) - 2).ToArray())];
    }

    /// <returns>The path.</returns>
    public string Write(string name, int sampleRate, float[][] channels)
    {
        using var writer = new WavWriter(Path(name), channels.Length, sampleRate);
        writer.Write([.. Enumerable.Range(0, channels[0].Length).SelectMany(frame => channels.Select(channel => channel[frame]))]);
        writer.Complete();
        return Path(name);
    }

    public float[][] Read(string name)
    {
        using var source = new WavSource(Path(name));
        var (channels, frames) = (source.Info.AudioChannels, (int)source.Info.FrameCount);
        var samples = new float[channels * frames];
        source.Read(0, new AudioBuffer(samples, channels, frames, frames));
        return [.. samples.Chunk(frames)];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
