using System.Buffers.Binary;
using System.Text;
using Loophole.Engine.Media;

namespace Loophole.Engine.Tests.Media;

/// <summary>WAV files put together byte by byte.</summary>
internal static class WavBytes
{
    public static byte[] Chunk(string tag, params byte[] body) =>
        [.. Encoding.ASCII.GetBytes(tag), .. BitConverter.GetBytes(body.Length), .. body, .. new byte[body.Length & 1]];

    public static byte[] Format(int tag, int audioChannels, int sampleRate, int bits, int? bytesPerFrame = null)
    {
        var body = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)tag);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), (ushort)audioChannels);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(4), (uint)sampleRate);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(12), (ushort)(bytesPerFrame ?? audioChannels * ((bits + 7) / 8)));
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(14), (ushort)bits);
        return body;
    }

    public static byte[] Extensible(int subTag, int audioChannels, int sampleRate, int bits, int validBits) =>
    [
        .. Format(0xFFFE, audioChannels, sampleRate, bits), 22, 0, (byte)validBits, 0, 0, 0, 0, 0, (byte)subTag, 0,
        0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71,
    ];

    public static byte[] Riff(params byte[][] chunks)
    {
        byte[] body = [.. "WAVE"u8, .. chunks.SelectMany(c => c)];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];
    }

    /// <summary>A 32-bit float file; <paramref name="channels"/> are planar.</summary>
    public static byte[] Float(int sampleRate, params float[][] channels)
    {
        var data = new byte[channels.Length * channels[0].Length * 4];
        for (var sample = 0; sample < data.Length / 4; sample++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(sample * 4), channels[sample % channels.Length][sample / channels.Length]);
        }

        return Riff(Chunk("fmt ", Format(3, channels.Length, sampleRate, 32)), Chunk("data", data));
    }

    /// <summary>All samples of a file as the engine decodes them, planar.</summary>
    public static float[][] Decode(byte[] file)
    {
        using var content = new BytesContent(file);
        var header = WavHeaderReader.Read(content, "test.wav");
        var frames = (int)header.FrameCount;
        var planar = new float[header.AudioChannels * frames];
        new WavReader().Read(content, header, 0, planar, frames, frames, header.AudioChannels);
        return [.. Enumerable.Range(0, header.AudioChannels).Select(c => planar[(c * frames)..((c + 1) * frames)])];
    }
}
