using System.Buffers.Binary;

namespace Loophole.Cluster.Tcp.Wire;

/// <summary>The first 32 bytes on every socket, from the side that dialled. See <c>docs/wire-format.md</c>.</summary>
internal readonly record struct Preamble(byte Version, byte Purpose, Guid Token, uint Request)
{
    public const int Size = 32;
    public const byte CurrentVersion = 1;

    /// <summary>In place of a purpose: the listening side asks for channels here, see <see cref="BackRequest"/>.</summary>
    public const byte BackPurpose = 0;

    public static ReadOnlySpan<byte> Magic => "LPHL"u8;

    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Magic.CopyTo(destination);
        destination[4] = Version;
        destination[5] = Purpose;
        Token.TryWriteBytes(destination[8..24]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], Request);
    }

    /// <summary>Reads a preamble.</summary>
    /// <returns><see langword="null"/> when it does not start with the magic.</returns>
    public static Preamble? Read(ReadOnlySpan<byte> source) => source.StartsWith(Magic)
        ? new Preamble(source[4], source[5], new Guid(source[8..24]), BinaryPrimitives.ReadUInt32LittleEndian(source[24..]))
        : null;

    public static bool IsReservedZero(ReadOnlySpan<byte> source) => !source[6..8].ContainsAnyExcept((byte)0) && !source[28..32].ContainsAnyExcept((byte)0);
}
