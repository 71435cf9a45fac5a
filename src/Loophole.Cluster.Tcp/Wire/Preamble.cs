using System.Buffers.Binary;

namespace Loophole.Cluster.Tcp.Wire;

/// <summary>The first 48 bytes on every socket, from the side that dialled: this, and the ticket that <see cref="ConnectionKey"/> makes of it.
/// See <c>docs/wire-format.md</c>.</summary>
internal readonly record struct Preamble(byte Version, byte Purpose, Guid Connection, uint Request, uint Number)
{
    public const int Size = SignedSize + ConnectionKey.TicketSize;

    /// <summary>Magic, version, purpose, reserved: the same in every version, so that any version can be told that it is not spoken here.</summary>
    public const int HeadSize = 8;

    /// <summary>What the ticket vouches for.</summary>
    public const int SignedSize = 32;

    public const byte CurrentVersion = 2;

    /// <summary>In place of a purpose: the listening side asks for channels here, see <see cref="BackRequest"/>.</summary>
    public const byte BackPurpose = 0;

    public static ReadOnlySpan<byte> Magic => "LPHL"u8;

    /// <summary>Writes all but the ticket, which is zero.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Magic.CopyTo(destination);
        destination[4] = Version;
        destination[5] = Purpose;
        Connection.TryWriteBytes(destination[8..24]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], Request);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], Number);
    }

    /// <summary>Reads what follows a head that has been checked.</summary>
    public static Preamble Read(ReadOnlySpan<byte> source) => new(
        source[4],
        source[5],
        new Guid(source[8..24]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[24..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[28..]));

    public static bool IsReservedZero(ReadOnlySpan<byte> source) => !source[6..8].ContainsAnyExcept((byte)0);
}
