using System.Buffers.Binary;

namespace Loophole.Cluster.Discovery.Dns;

/// <summary>Writes messages, one after the other, into the same memory. What does not fit is left out, whole. [one caller]</summary>
internal sealed class DnsWriter
{
    /// <summary>Bytes of a message at the most: what one packet of Ethernet has beside the headers of IPv6 and UDP.</summary>
    public const int MaxLength = 1452;

    /// <summary>What two bytes can point at.</summary>
    private const int MaxTarget = 0x3FFF;

    private readonly byte[] _message = new byte[MaxLength];
    private readonly List<int> _names = [];
    private DnsSection _section;
    private int _length;

    /// <summary>The message so far.</summary>
    public ReadOnlySpan<byte> Message => _message.AsSpan(0, _length);

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => _length <= DnsReader.HeaderLength;

    /// <summary>Begins a message.</summary>
    public void Begin(bool isResponse)
    {
        _message.AsSpan(0, DnsReader.HeaderLength).Clear();
        // Of a response, that it is by whoever has the records.
        BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(2), (ushort)(isResponse ? 0x8400 : 0));
        _names.Clear();
        (_section, _length) = (DnsSection.Questions, DnsReader.HeaderLength);
    }

    /// <summary>Says of a query that more of what is known follows.</summary>
    public void MarkTruncated() => _message[2] |= 0x02;

    /// <summary>Writes a question; before all records.</summary>
    /// <returns>Whether it fitted.</returns>
    public bool TryAsk(DnsName name, DnsType type)
    {
        var began = (_length, _names.Count);
        if (TryWriteName(name) && TryWriteNumbers((ushort)type, 1))
        {
            Count(DnsSection.Questions);
            return true;
        }

        return TakeBack(began);
    }

    /// <summary>Writes a record; sections in their order.</summary>
    /// <returns>Whether it fitted.</returns>
    public bool TryWrite(DnsRecord record, DnsSection section) => TryWrite(record, section, record.TimeToLive);

    /// <summary>Writes a record with another time to live.</summary>
    /// <returns>Whether it fitted.</returns>
    public bool TryWrite(DnsRecord record, DnsSection section, uint seconds)
    {
        var began = (_length, _names.Count);
        // The bit that says so is an own one in answers; in questions of a probe it would be another's (RFC 6762, 10.2).
        var recordClass = (ushort)(record.IsUnique && section != DnsSection.Authorities ? 0x8001 : 1);
        if (TryWriteName(record.Name) && TryWriteNumbers((ushort)record.Type, recordClass, (ushort)(seconds >> 16), (ushort)seconds, 0))
        {
            var dataAt = _length;
            if (TryWriteData(record))
            {
                BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(dataAt - 2), (ushort)(_length - dataAt));
                Count(section);
                return true;
            }
        }

        return TakeBack(began);
    }

    private bool TryWriteData(DnsRecord record) => record.Type switch
    {
        DnsType.Ptr => TryWriteName(new DnsName(record.Data.Span)),
        DnsType.Srv => TryWriteBytes(record.Data.Span[..WireRecord.SrvHead]) && TryWriteName(new DnsName(record.Data.Span[WireRecord.SrvHead..])),
        _ => TryWriteBytes(record.Data.Span),
    };

    /// <summary>Writes a name, its end as a pointer to where that was written before.</summary>
    private bool TryWriteName(DnsName name)
    {
        for (var rest = name.Bytes; rest[0] > 0; rest = rest[(rest[0] + 1)..])
        {
            var written = Find(rest);
            if (written > 0)
            {
                return TryWriteNumbers((ushort)(0xC000 | written));
            }

            if (_length <= MaxTarget)
            {
                _names.Add(_length);
            }

            if (!TryWriteBytes(rest[..(rest[0] + 1)]))
            {
                return false;
            }
        }

        return TryWriteBytes([0]);
    }

    private int Find(ReadOnlySpan<byte> name)
    {
        Span<byte> bytes = stackalloc byte[DnsName.MaxLength];
        foreach (var offset in _names)
        {
            // A name that is being written ends nowhere yet.
            if (WireName.Measure(Message, offset) > 0 && bytes[..new WireName(Message, offset).CopyTo(bytes)].SequenceEqual(name))
            {
                return offset;
            }
        }

        return 0;
    }

    private bool TryWriteNumbers(params ReadOnlySpan<ushort> numbers)
    {
        Span<byte> bytes = stackalloc byte[2];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
            if (!TryWriteBytes(bytes))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryWriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(_message.AsSpan(_length)))
        {
            return false;
        }

        _length += bytes.Length;
        return true;
    }

    private void Count(DnsSection section)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)section, (int)_section, nameof(section));
        _section = section;
        var count = _message.AsSpan(4 + (2 * (int)section));
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + 1));
    }

    private bool TakeBack((int Length, int Names) began)
    {
        _length = began.Length;
        _names.RemoveRange(began.Names, _names.Count - began.Names);
        return false;
    }
}
