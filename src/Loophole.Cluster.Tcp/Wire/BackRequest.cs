using System.Buffers.Binary;

namespace Loophole.Cluster.Tcp.Wire;

/// <summary>Eight bytes by which the listening side asks the dialling side for one more socket.</summary>
internal readonly record struct BackRequest(byte Purpose, uint Number)
{
    public const int Size = 8;

    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        destination[0] = Purpose;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Number);
    }

    public static BackRequest Read(ReadOnlySpan<byte> source) => new(source[0], BinaryPrimitives.ReadUInt32LittleEndian(source[4..]));
}
