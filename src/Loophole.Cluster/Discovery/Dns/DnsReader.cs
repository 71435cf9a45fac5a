using System.Buffers.Binary;

namespace Loophole.Cluster.Discovery.Dns;

/// <summary>Reads a message from front to back; a copy of it is a place to come back to. Allocates nothing.</summary>
internal ref struct DnsReader
{
    public const int HeaderLength = 12;

    private const ushort ResponseBit = 0x8000;
    private const ushort TruncatedBit = 0x0200;

    /// <summary>The kind of question and the error, both 0 in multicast (RFC 6762, 18.3 and 18.11).</summary>
    private const ushort KindAndError = 0x780F;

    private readonly ReadOnlySpan<byte> _message;
    private readonly ushort _flags;
    private DnsSection _section;
    private int _left;
    private int _at;

    private DnsReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        (_flags, _at) = (BinaryPrimitives.ReadUInt16BigEndian(message[2..]), HeaderLength);
        (_section, _left) = (DnsSection.Questions, CountOf(DnsSection.Questions));
    }

    public readonly bool IsResponse => (_flags & ResponseBit) != 0;

    /// <summary>Of a query: that more of what its sender knows follows.</summary>
    public readonly bool IsTruncated => (_flags & TruncatedBit) != 0;

    public readonly int Questions => CountOf(DnsSection.Questions);

    /// <summary>Checks bytes from anybody, to their end: what one bad record is in is not looked at.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> message, out DnsReader reader)
    {
        reader = default;
        if (message.Length < HeaderLength || (BinaryPrimitives.ReadUInt16BigEndian(message[2..]) & KindAndError) != 0)
        {
            return false;
        }

        reader = new DnsReader(message);
        var check = reader;
        while (check.TryReadRecord(out _))
        {
        }

        return check._section == DnsSection.Additionals && check._left == 0;
    }

    /// <summary>Reads the next question; <see langword="false"/> after the last.</summary>
    public bool TryReadQuestion(out WireQuestion question)
    {
        question = default;
        if (_section != DnsSection.Questions || _left == 0)
        {
            return false;
        }

        var end = _at + WireName.Measure(_message, _at);
        if (end == _at || end + 4 > _message.Length)
        {
            return false;
        }

        var (type, questionClass) = (BinaryPrimitives.ReadUInt16BigEndian(_message[end..]), BinaryPrimitives.ReadUInt16BigEndian(_message[(end + 2)..]));
        question = new WireQuestion(new WireName(_message, _at), (DnsType)type, (questionClass & 0x7FFF) is 1 or 255, (questionClass & 0x8000) != 0);
        _at = end + 4;
        _left--;
        return true;
    }

    /// <summary>Reads the next record of whatever section; <see langword="false"/> after the last. Questions before it are passed over.</summary>
    public bool TryReadRecord(out WireRecord record)
    {
        record = default;
        while (TryReadQuestion(out _))
        {
        }

        while (_left == 0 && _section < DnsSection.Additionals)
        {
            _left = CountOf(++_section);
        }

        if (_section == DnsSection.Questions || _left == 0)
        {
            return false;
        }

        var end = WireRecord.Read(_message, _at, _section, out record);
        if (end == 0)
        {
            return false;
        }

        _at = end;
        _left--;
        return true;
    }

    private readonly int CountOf(DnsSection section) => BinaryPrimitives.ReadUInt16BigEndian(_message[(4 + (2 * (int)section))..]);
}
