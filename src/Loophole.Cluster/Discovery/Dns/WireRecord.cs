using System.Buffers.Binary;

namespace Loophole.Cluster.Discovery.Dns;

/// <summary>A record inside a message. Its data are of the shape that its type asks for.</summary>
internal readonly ref struct WireRecord
{
    /// <summary>Bytes of SRV data before its name: priority, weight, port.</summary>
    public const int SrvHead = 6;

    private const int InternetClass = 1;
    private const int TopBit = 0x8000;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _dataAt;

    private WireRecord(ReadOnlySpan<byte> message, int nameAt, int headAt, int length, DnsSection section)
    {
        var head = message[headAt..];
        var (recordClass, seconds) = (BinaryPrimitives.ReadUInt16BigEndian(head[2..]), BinaryPrimitives.ReadUInt32BigEndian(head[4..]));
        _message = message;
        (_dataAt, Section) = (headAt + HeadLength, section);
        Name = new WireName(message, nameAt);
        Type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(head);
        IsInternet = (recordClass & ~TopBit) == InternetClass;
        IsUnique = (recordClass & TopBit) != 0;
        // With the top bit set it is none (RFC 2181, 8).
        TimeToLive = seconds > int.MaxValue ? 0 : seconds;
        Data = message.Slice(_dataAt, length);
    }

    /// <summary>Bytes between name and data: type, class, time to live, length.</summary>
    private const int HeadLength = 10;

    public DnsSection Section { get; }

    public WireName Name { get; }

    public DnsType Type { get; }

    public bool IsInternet { get; }

    /// <summary>Whether its sender has all records of this name and type (the cache-flush bit, RFC 6762, 10.2).</summary>
    public bool IsUnique { get; }

    /// <summary>For how many seconds it may be believed; 0 takes it back.</summary>
    public uint TimeToLive { get; }

    /// <summary>Its data as they are in the message: names in them may be compressed.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>The name in the data of a PTR or SRV record.</summary>
    public WireName Target => new(_message, _dataAt + (Type == DnsType.Srv ? SrvHead : 0));

    /// <summary>Reads a record of a message from anybody.</summary>
    /// <returns>The offset behind it; 0 when it is none.</returns>
    public static int Read(ReadOnlySpan<byte> message, int offset, DnsSection section, out WireRecord record)
    {
        record = default;
        var headAt = offset + WireName.Measure(message, offset);
        if (headAt == offset || headAt + HeadLength > message.Length)
        {
            return 0;
        }

        var (length, dataAt) = (BinaryPrimitives.ReadUInt16BigEndian(message[(headAt + 8)..]), headAt + HeadLength);
        if (dataAt + length > message.Length || !HasShape(message, dataAt, length, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[headAt..])))
        {
            return 0;
        }

        record = new WireRecord(message, offset, headAt, length, section);
        return dataAt + length;
    }

    /// <summary>Copies the data, with names uncompressed.</summary>
    /// <param name="scratch">Of <see cref="DnsName.MaxLength"/> + <see cref="SrvHead"/> bytes; used where there is a name.</param>
    /// <returns>The data.</returns>
    public ReadOnlySpan<byte> Uncompressed(Span<byte> scratch)
    {
        if (Type is not (DnsType.Ptr or DnsType.Srv))
        {
            return Data;
        }

        var head = Type == DnsType.Srv ? SrvHead : 0;
        Data[..head].CopyTo(scratch);
        return scratch[..(head + Target.CopyTo(scratch[head..]))];
    }

    private static bool HasShape(ReadOnlySpan<byte> message, int at, int length, DnsType type) => type switch
    {
        DnsType.A => length == 4,
        DnsType.Aaaa => length == 16,
        DnsType.Ptr => length > 0 && WireName.Measure(message, at) == length,
        DnsType.Srv => length > SrvHead && WireName.Measure(message, at + SrvHead) == length - SrvHead,
        _ => true,
    };
}
