using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Loophole.Cluster.Discovery.Dns;

/// <summary>A record of our own.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Type">What it says.</param>
/// <param name="IsUnique">Whether nobody else has records of this name and type.</param>
/// <param name="TimeToLive">For how many seconds it may be believed.</param>
/// <param name="Data">Its data, names in them uncompressed.</param>
internal sealed record DnsRecord(DnsName Name, DnsType Type, bool IsUnique, uint TimeToLive, ReadOnlyMemory<byte> Data)
{
    /// <summary>Seconds for records that have a host's name or address in them (RFC 6762, 10).</summary>
    public const uint HostSeconds = 120;

    /// <summary>Seconds for all others.</summary>
    public const uint OtherSeconds = 4500;

    public static DnsRecord Pointer(DnsName name, DnsName target) => new(name, DnsType.Ptr, false, OtherSeconds, target.Bytes.ToArray());

    public static DnsRecord Service(DnsName name, int port, DnsName host)
    {
        var data = new byte[WireRecord.SrvHead + host.Bytes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(4), checked((ushort)port));
        host.Bytes.CopyTo(data.AsSpan(WireRecord.SrvHead));
        return new DnsRecord(name, DnsType.Srv, true, HostSeconds, data);
    }

    public static DnsRecord Text(DnsName name, ReadOnlyMemory<byte> text) => new(name, DnsType.Txt, true, OtherSeconds, text);

    public static DnsRecord Address(DnsName name, IPAddress address) =>
        new(name, address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa, true, HostSeconds, address.GetAddressBytes());

    /// <summary>Says that a name has these types and no others; of types below 256, as all are here.</summary>
    public static DnsRecord Types(DnsName name, params ReadOnlySpan<DnsType> types)
    {
        Span<byte> bits = stackalloc byte[32];
        var length = 0;
        foreach (var type in types)
        {
            bits[(int)type / 8] |= (byte)(0x80 >> ((int)type % 8));
            length = Math.Max(length, ((int)type / 8) + 1);
        }

        // The next name is itself, then window 0 and its length.
        return new DnsRecord(name, DnsType.Nsec, true, HostSeconds, (byte[])[.. name.Bytes, 0, (byte)length, .. bits[..length]]);
    }

    /// <summary>Whether a record of a message says the same, whatever its time to live.</summary>
    public bool IsSaidBy(in WireRecord record)
    {
        Span<byte> scratch = stackalloc byte[WireRecord.SrvHead + DnsName.MaxLength];
        return record.Type == Type && record.IsInternet && record.Name.Is(Name) && record.Uncompressed(scratch).SequenceEqual(Data.Span);
    }
}
