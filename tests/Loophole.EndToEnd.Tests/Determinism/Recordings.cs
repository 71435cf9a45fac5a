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
            var bytes = Wav(channels, frames, random);
            ids.Add(await store.ImportAsync(new MemoryStream(bytes), bytes.Length, null));
        }

        return (store, ids);
    }

    private static byte[] Wav(int channels, int frames, Random random)
    {
        var data = frames * channels * 2;
        var bytes = new byte[44 + data];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 36 + data);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), 44_100);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 44_100 * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), data);
        random.NextBytes(bytes.AsSpan(44));
        return bytes;
    }
}
