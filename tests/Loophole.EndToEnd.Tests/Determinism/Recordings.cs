using System.Buffers.Binary;
using Loophole.Cluster.Media;
using Loophole.EndToEnd.Tests.InProcess;

namespace Loophole.EndToEnd.Tests.Determinism;

/// <summary>A few short recordings for random projects.</summary>
internal static class Recordings
{
    public static async Task<(MemoryMedia Store, IReadOnlyList<MediaId> Ids)> MakeAsync(int seed)
    {
        var random = new Random(seed);
        var store = new MemoryMedia();
        var ids = new List<MediaId>();
        foreach (var (channels, frames) in new[] { (1, 1_500), (2, 900), (1, 64), (2, 2_500) })
        {
            var samples = new byte[frames * channels * 2];
            random.NextBytes(samples);
            ids.Add(await AddAsync(store, channels, 44_100, samples));
        }

        return (store, ids);
    }

    /// <summary>Stores samples of 16 bits, interleaved, as a WAV file.</summary>
    public static ValueTask<MediaId> AddAsync(MemoryMedia store, int channels, int sampleRate, ReadOnlySpan<byte> samples)
    {
        var bytes = Wav(channels, sampleRate, samples);
        return store.ImportAsync(new MemoryStream(bytes), bytes.Length, null);
    }

    private static byte[] Wav(int channels, int sampleRate, ReadOnlySpan<byte> samples)
    {
        var data = samples.Length;
        var bytes = new byte[44 + data];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 36 + data);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), sampleRate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), data);
        samples.CopyTo(bytes.AsSpan(44));
        return bytes;
    }
}
