using System.Buffers.Binary;

namespace Loophole.Cluster.Quic.Wire;

/// <summary>The first 24 bytes on every stream, from both sides: what the opener wants, and the other side's consent. See <c>docs/wire-format.md</c>.</summary>
internal readonly record struct Hello(byte Version, byte Purpose, Guid Secret)
{
    public const int Size = 24;
    public const byte CurrentVersion = 1;

    /// <summary>In place of a purpose: this connection carries the bulk of the one that was given the secret.</summary>
    public const byte BulkPurpose = 0;

    public Hello(byte purpose, Guid secret = default)
        : this(CurrentVersion, purpose, secret)
    {
    }

    public static ReadOnlySpan<byte> Magic => "LPHQ"u8;

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        bytes[4] = Version;
        bytes[5] = Purpose;
        Secret.TryWriteBytes(bytes.AsSpan(8));
        return bytes;
    }

    /// <summary>Reads a hello.</summary>
    /// <returns>The hello, or why it is none.</returns>
    public static (Hello Hello, CloseCode Fault) Read(ReadOnlySpan<byte> source) =>
        !source.StartsWith(Magic) ? (default, CloseCode.BadHello)
        : source[4] != CurrentVersion ? (default, CloseCode.UnknownVersion)
        : BinaryPrimitives.ReadUInt16LittleEndian(source[6..]) != 0 ? (default, CloseCode.BadHello)
        : (new Hello(source[4], source[5], new Guid(source[8..Size])), CloseCode.Done);
}
