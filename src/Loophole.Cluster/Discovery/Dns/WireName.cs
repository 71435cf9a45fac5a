namespace Loophole.Cluster.Discovery.Dns;

/// <summary>A name inside a message, perhaps compressed (RFC 1035, 4.1.4). Valid: whoever makes one has measured it.</summary>
internal readonly ref struct WireName(ReadOnlySpan<byte> message, int offset)
{
    private const byte Pointer = 0xC0;

    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Measures a name in bytes from anybody.</summary>
    /// <param name="message">The message, from its header on.</param>
    /// <param name="offset">Where the name begins.</param>
    /// <returns>The bytes that it takes there; 0 when it is none. Each pointer goes back behind everything read so far, so there is no loop.</returns>
    public static int Measure(ReadOnlySpan<byte> message, int offset)
    {
        var (at, first, here, length) = (offset, offset, 0, 1);
        while (at < message.Length)
        {
            var value = message[at];
            switch (value & Pointer)
            {
                case 0 when value == 0:
                    return here > 0 ? here : at + 1 - offset;
                case 0:
                    length += value + 1;
                    at += value + 1;
                    if (length > DnsName.MaxLength)
                    {
                        return 0;
                    }

                    break;
                case Pointer when at + 1 < message.Length:
                    here = here > 0 ? here : at + 2 - offset;
                    at = Target(message, at);
                    if (at >= first)
                    {
                        return 0;
                    }

                    first = at;
                    break;
                default:
                    return 0;
            }
        }

        return 0;
    }

    public bool Is(DnsName name)
    {
        var rest = name.Bytes;
        for (var at = offset; ; at += _message[at] + 1)
        {
            at = Follow(at);
            var label = _message.Slice(at, _message[at] + 1);
            if (label.Length > rest.Length || !DnsName.AreSame(label, rest[..label.Length]))
            {
                return false;
            }

            if (label.Length == 1)
            {
                return true;
            }

            rest = rest[label.Length..];
        }
    }

    /// <summary>Copies it, uncompressed.</summary>
    /// <param name="destination">Of <see cref="DnsName.MaxLength"/> bytes.</param>
    /// <returns>How many bytes it has.</returns>
    public int CopyTo(Span<byte> destination)
    {
        var length = 0;
        for (var at = offset; ; at += _message[at] + 1)
        {
            at = Follow(at);
            var label = _message.Slice(at, _message[at] + 1);
            label.CopyTo(destination[length..]);
            length += label.Length;
            if (label.Length == 1)
            {
                return length;
            }
        }
    }

    public DnsName ToName()
    {
        Span<byte> bytes = stackalloc byte[DnsName.MaxLength];
        return new DnsName(bytes[..CopyTo(bytes)]);
    }

    private int Follow(int at)
    {
        while (_message[at] >= Pointer)
        {
            at = Target(_message, at);
        }

        return at;
    }

    private static int Target(ReadOnlySpan<byte> message, int at) => (message[at] & ~Pointer) << 8 | message[at + 1];
}
