using System.Text;

namespace Loophole.Cluster.Discovery.Dns;

/// <summary>A domain name: labels of 1 to 63 bytes, each with its length before it, and a zero; 255 bytes at the most. Case of ASCII letters does not count.</summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    public const int MaxLength = 255;
    public const int MaxLabel = 63;

    private readonly byte[] _bytes;
    private readonly int _hash;

    /// <summary>Takes a name over as it is on the wire, uncompressed and valid.</summary>
    public DnsName(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.ToArray();
        var hash = new HashCode();
        foreach (var value in bytes)
        {
            hash.Add(Folded(value));
        }

        _hash = hash.ToHashCode();
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The first label; what is no UTF-8 in it is replaced.</summary>
    public string FirstLabel => Encoding.UTF8.GetString(_bytes.AsSpan(1, _bytes[0]));

    /// <summary>Makes a name of labels.</summary>
    /// <exception cref="ArgumentException">A label is empty or too long, or all of them are.</exception>
    public static DnsName Of(params ReadOnlySpan<string> labels)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        var length = 0;
        foreach (var label in labels)
        {
            var count = Encoding.UTF8.GetByteCount(label);
            if (count is 0 or > MaxLabel || length + count + 2 > MaxLength)
            {
                throw new ArgumentException($"\"{label}\" does not fit into a domain name.", nameof(labels));
            }

            bytes[length] = (byte)count;
            Encoding.UTF8.GetBytes(label, bytes[(length + 1)..]);
            length += count + 1;
        }

        bytes[length] = 0;
        return new DnsName(bytes[..(length + 1)]);
    }

    /// <summary>A name of one label more.</summary>
    /// <exception cref="ArgumentException">The label is empty or too long.</exception>
    public DnsName Child(string label)
    {
        var first = Of(label);
        return first.Bytes.Length - 1 + _bytes.Length <= MaxLength
            ? new DnsName([.. first.Bytes[..^1], .. _bytes])
            : throw new ArgumentException($"\"{label}\" does not fit into a domain name.", nameof(label));
    }

    /// <summary>Whether this is a name of one label more than <paramref name="parent"/>.</summary>
    public bool IsChildOf(DnsName parent) => _bytes[0] > 0 && AreSame(_bytes.AsSpan(_bytes[0] + 1), parent._bytes);

    public bool Equals(DnsName? other) => other is not null && _hash == other._hash && AreSame(_bytes, other._bytes);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode() => _hash;

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var at = 0; _bytes[at] > 0; at += _bytes[at] + 1)
        {
            text.Append(Encoding.UTF8.GetString(_bytes.AsSpan(at + 1, _bytes[at]))).Append('.');
        }

        return text.ToString();
    }

    /// <summary>Compares bytes of names. The length of a label is below any letter, so all of them can be treated alike.</summary>
    public static bool AreSame(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (first.Length != second.Length)
        {
            return false;
        }

        for (var i = 0; i < first.Length; i++)
        {
            if (Folded(first[i]) != Folded(second[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static byte Folded(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
