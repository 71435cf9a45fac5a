using System.Buffers.Binary;

namespace Loophole.EndToEnd.Tests.Processes.Projects;

/// <summary>Recordings of seeded noise as WAV files.</summary>
internal static class Recording
{
    public static byte[] Make(int seed, int sampleRate, int audioChannels, double seconds)
    {
        var random = new Random(seed);
        var frames = (int)(seconds * sampleRate);
        var dataBytes = frames * audioChannels * sizeof(short);
        var bytes = new byte[44 + dataBytes];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), (short)audioChannels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), sampleRate * audioChannels * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(audioChannels * sizeof(short)));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), dataBytes);
        for (var at = 44; at < bytes.Length; at += sizeof(short))
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)random.Next(-8_000, 8_000));
        }

        return bytes;
    }
}
