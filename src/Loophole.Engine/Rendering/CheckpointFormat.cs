using System.Buffers;
using System.Buffers.Binary;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

/// <summary>A checkpoint's bytes, little-endian: magic <c>LPCK</c>, version (u16), reserved (u16, 0), position (i64), count (i32), then for every memory its identity
/// (u128, <see cref="MemoryIdentity"/>), its length (i32) and its bytes. Another checkpoint may follow.</summary>
internal static class CheckpointFormat
{
    private const ushort Version = 2;
    private const int PositionOffset = 8;
    private const int CountOffset = 16;
    private const int HeaderBytes = CountOffset + sizeof(int);
    private const int IdentityBytes = 16;
    private const int MemoryHeaderBytes = IdentityBytes + sizeof(int);

    private static ReadOnlySpan<byte> Magic => "LPCK"u8;

    public static void WriteHeader(IBufferWriter<byte> destination, long position, int count)
    {
        var header = destination.GetSpan(HeaderBytes)[..HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Magic.Length..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[PositionOffset..], position);
        BinaryPrimitives.WriteInt32LittleEndian(header[CountOffset..], count);
        destination.Advance(HeaderBytes);
    }

    public static void WriteMemory(IBufferWriter<byte> destination, UInt128 identity, ReadOnlySpan<byte> memory)
    {
        var header = destination.GetSpan(MemoryHeaderBytes)[..MemoryHeaderBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(header, identity);
        BinaryPrimitives.WriteInt32LittleEndian(header[IdentityBytes..], memory.Length);
        destination.Advance(MemoryHeaderBytes);
        destination.Write(memory);
    }

    /// <summary>Finds the memories in one checkpoint or several in a row.</summary>
    /// <returns>Where the bytes of each lie. Of one that is there twice, which the same frame has made twice, the first.</returns>
    /// <exception cref="RenderException"><see cref="RenderError.BadCheckpoint"/>.</exception>
    public static Dictionary<UInt128, Range> Read(ReadOnlySpan<byte> checkpoints, long position)
    {
        var memories = new Dictionary<UInt128, Range>();
        var at = 0;
        do
        {
            at += ReadHeader(checkpoints[at..], position, out var count);
            for (; count > 0; count--)
            {
                var rest = checkpoints[at..];
                Require(rest.Length >= MemoryHeaderBytes, "The checkpoint ends early.");
                var length = BinaryPrimitives.ReadInt32LittleEndian(rest[IdentityBytes..]);
                Require(length >= 0 && length <= rest.Length - MemoryHeaderBytes, "The checkpoint ends early.");
                memories.TryAdd(BinaryPrimitives.ReadUInt128LittleEndian(rest), (at + MemoryHeaderBytes)..(at + MemoryHeaderBytes + length));
                at += MemoryHeaderBytes + length;
            }
        }
        while (at < checkpoints.Length);
        return memories;
    }

    private static int ReadHeader(ReadOnlySpan<byte> checkpoint, long position, out int count)
    {
        Require(checkpoint.Length >= HeaderBytes && checkpoint.StartsWith(Magic), "The bytes are not a checkpoint.");
        Require(
            BinaryPrimitives.ReadUInt32LittleEndian(checkpoint[Magic.Length..]) == Version,
            "The checkpoint is of a version that is not known here.");
        var saved = BinaryPrimitives.ReadInt64LittleEndian(checkpoint[PositionOffset..]);
        Require(saved == position && saved >= 0, $"The checkpoint is of render frame {saved}, not {position}.");
        count = BinaryPrimitives.ReadInt32LittleEndian(checkpoint[CountOffset..]);
        Require(count >= 0, "The checkpoint is of a negative number of memories.");
        return HeaderBytes;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new RenderException(RenderError.BadCheckpoint, message);
        }
    }
}
