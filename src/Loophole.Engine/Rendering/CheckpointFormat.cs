using System.Buffers;
using System.Buffers.Binary;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

/// <summary>A checkpoint's bytes, little-endian: magic <c>LPCK</c>, version (u16), reserved (u16, 0), position (i64), fingerprint (32 bytes), count (i32), then
/// for every memory in plan order its length (i32) and its bytes. Nothing follows.</summary>
internal static class CheckpointFormat
{
    private const ushort Version = 1;
    private const int PositionOffset = 8;
    private const int FingerprintOffset = 16;
    private const int FingerprintBytes = 32;
    private const int CountOffset = FingerprintOffset + FingerprintBytes;
    private const int HeaderBytes = CountOffset + sizeof(int);

    private static ReadOnlySpan<byte> Magic => "LPCK"u8;

    public static void WriteHeader(IBufferWriter<byte> destination, long position, ReadOnlySpan<byte> fingerprint, int count)
    {
        var header = destination.GetSpan(HeaderBytes)[..HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Magic.Length..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[PositionOffset..], position);
        fingerprint.CopyTo(header[FingerprintOffset..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[CountOffset..], count);
        destination.Advance(HeaderBytes);
    }

    public static void WriteMemory(IBufferWriter<byte> destination, ReadOnlySpan<byte> memory)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination.GetSpan(sizeof(int)), memory.Length);
        destination.Advance(sizeof(int));
        destination.Write(memory);
    }

    /// <summary>Checks the header and every length. After it, <see cref="ReadMemory"/> cannot fail.</summary>
    /// <returns>The memories with their lengths.</returns>
    /// <exception cref="RenderException"><see cref="RenderError.BadCheckpoint"/>.</exception>
    public static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> checkpoint, long position, ReadOnlySpan<byte> fingerprint, int count)
    {
        Require(checkpoint.Length >= HeaderBytes && checkpoint.StartsWith(Magic), "The bytes are not a checkpoint.");
        Require(
            BinaryPrimitives.ReadUInt32LittleEndian(checkpoint[Magic.Length..]) == Version,
            "The checkpoint is of a version that is not known here.");
        Require(
            checkpoint.Slice(FingerprintOffset, FingerprintBytes).SequenceEqual(fingerprint)
                && BinaryPrimitives.ReadInt32LittleEndian(checkpoint[CountOffset..]) == count,
            "The checkpoint is of another plan.");
        var saved = BinaryPrimitives.ReadInt64LittleEndian(checkpoint[PositionOffset..]);
        Require(saved == position && saved >= 0, $"The checkpoint is of render frame {saved}, not {position}.");

        var memories = checkpoint[HeaderBytes..];
        var rest = memories;
        for (var i = 0; i < count; i++)
        {
            Require(rest.Length >= sizeof(int), "The checkpoint ends early.");
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            Require(length >= 0 && length <= rest.Length - sizeof(int), "The checkpoint ends early.");
            rest = rest[(sizeof(int) + length)..];
        }

        Require(rest.IsEmpty, "The checkpoint goes on after its end.");
        return memories;
    }

    /// <summary>Takes the next memory off the front.</summary>
    public static ReadOnlySpan<byte> ReadMemory(ref ReadOnlySpan<byte> memories)
    {
        var memory = memories.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(memories));
        memories = memories[(sizeof(int) + memory.Length)..];
        return memory;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new RenderException(RenderError.BadCheckpoint, message);
        }
    }
}
