using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Loophole.Engine.Tests.Media;

/// <summary>Our reading and writing against SoX. Contents have 24 bits: SoX computes with integers and rounds what is finer.</summary>
public sealed class SoxTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("loophole-sox-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("-b 8 -e unsigned-integer", 2)]
    [InlineData("-b 16 -e signed-integer", 1)]
    [InlineData("-b 16 -e signed-integer", 2)]
    [InlineData("-b 24 -e signed-integer", 2)]
    [InlineData("-b 32 -e signed-integer", 2)]
    [InlineData("-b 32 -e floating-point", 2)]
    [InlineData("-b 64 -e floating-point", 1)]
    [InlineData("-b 16 -e signed-integer", 6)]
    [InlineData("-b 24 -e signed-integer", 6)]
    [InlineData("-b 32 -e floating-point", 8)]
    public async Task What_sox_writes_decodes_to_what_sox_reads(string encoding, int audioChannels)
    {
        await SoxAsync($"-D -n -r 44100 -c {audioChannels} -b 24 base.wav synth 0.5 pinknoise vol 0.7");
        await SoxAsync($"-D base.wav {encoding} file.wav");
        Assert.Equal(await RawAsync("file.wav"), Interleaved(WavBytes.Decode(await ReadAsync("file.wav"))));
    }

    [Fact]
    public async Task What_sox_writes_into_a_pipe_is_read_to_its_end()
    {
        await SoxAsync("-D -n -r 48000 -c 2 -b 24 base.wav synth 0.5 sine 300-3000 vol 0.5");
        var piped = await SoxAsync("-D base.wav -t wav -");
        Assert.Equal(await RawAsync("base.wav"), Interleaved(WavBytes.Decode(piped)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task What_we_write_is_what_sox_reads(int audioChannels)
    {
        var random = new Random(11);
        float[] samples = [.. Enumerable.Range(0, audioChannels * 20_000).Select(_ => random.Next(-8_000_000, 8_000_000) / 8388608f)];
        using (var writer = new WavWriter(Path.Combine(_folder.FullName, "ours.wav"), audioChannels, 96000))
        {
            writer.Write(samples);
            writer.Complete();
        }

        Assert.Equal(samples, await RawAsync("ours.wav"));
        Assert.Equal("96000", System.Text.Encoding.ASCII.GetString(await SoxAsync("--info -r ours.wav")).Trim());
    }

    private static float[] Interleaved(float[][] channels) =>
        [.. Enumerable.Range(0, channels.Length * channels[0].Length).Select(i => channels[i % channels.Length][i / channels.Length])];

    private Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(Path.Combine(_folder.FullName, name), TestContext.Current.CancellationToken);

    private async Task<float[]> RawAsync(string name) => MemoryMarshal.Cast<byte, float>(await SoxAsync($"{name} -t f32 -")).ToArray();

    private async Task<byte[]> SoxAsync(string arguments)
    {
        var start = new ProcessStartInfo("sox", arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("LOOPHOLE_REQUIRE_TOOLS") != "1")
        {
            Assert.Skip("sox is not on the PATH.");
        }

        using var sox = started!;
        var complaints = sox.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var output = new MemoryStream();
        await sox.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await sox.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(sox.ExitCode == 0, await complaints);
        return output.ToArray();
    }
}
