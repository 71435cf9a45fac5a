using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Discovery;

/// <summary>What a TXT record says of a node (RFC 6763, 6): strings of 255 bytes at the most, <c>key=value</c>.</summary>
/// <param name="Id"><c>id</c>: 32 hexadecimal digits.</param>
/// <param name="ProtocolVersion"><c>proto</c>: 1 to 65535.</param>
/// <param name="Role"><c>role</c>: <c>host</c>, <c>satellite</c>, or not there.</param>
/// <param name="Kind"><c>kind</c>: <c>lan</c>, <c>cloud</c>, or not there.</param>
/// <param name="Ports"><c>ports</c>: 1 to 8 of <c>scheme:port</c>, with commas between.</param>
internal sealed record NodeText(NodeId Id, int ProtocolVersion, NodeRole? Role, PeerKind? Kind, ImmutableArray<(string Scheme, int Port)> Ports)
{
    public const int MaxPorts = 8;

    /// <summary>Bytes of a whole text that is looked at; ours have 300 at the most.</summary>
    public const int MaxLength = 1300;

    private const int MaxScheme = 16;

    /// <summary>What this layout is called, first in the text: <c>txtvers=1</c>. Of another one nothing is known.</summary>
    private const string Version = "1";

    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-.");

    public static NodeText Of(NodeAnnouncement node) =>
        new(node.Id, node.ProtocolVersion, node.Role, node.Kind, [.. node.EndPoints.Select(endPoint => (endPoint.Scheme, endPoint.Port))]);

    public byte[] ToBytes()
    {
        var bytes = new List<byte>();
        Add("txtvers", Version);
        Add("id", Id.ToString());
        Add("proto", ProtocolVersion.ToString(CultureInfo.InvariantCulture));
        if (Role is { } role)
        {
            Add("role", role == NodeRole.Host ? "host" : "satellite");
        }

        if (Kind is { } kind)
        {
            Add("kind", kind == PeerKind.Lan ? "lan" : "cloud");
        }

        Add("ports", string.Join(',', Ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port.Scheme}:{port.Port}"))));
        return [.. bytes];

        void Add(string key, string value)
        {
            var text = Encoding.UTF8.GetBytes($"{key}={value}");
            bytes.Add(checked((byte)text.Length));
            bytes.AddRange(text);
        }
    }

    /// <summary>Reads bytes from anybody.</summary>
    /// <returns>What they say; <see langword="null"/> when they break a rule. Keys that are not known are passed over, and so is a key that was there before.</returns>
    public static NodeText? Read(ReadOnlySpan<byte> bytes)
    {
        string? version = null, id = null, protocol = null, role = null, kind = null, ports = null;
        if (bytes.Length > MaxLength)
        {
            return null;
        }

        while (bytes.Length > 0)
        {
            if (bytes[0] >= bytes.Length)
            {
                return null;
            }

            var text = Encoding.UTF8.GetString(bytes.Slice(1, bytes[0]));
            bytes = bytes[(bytes[0] + 1)..];
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (text, "") : (text[..equals], text[(equals + 1)..]);
            switch (key.ToLowerInvariant())
            {
                case "txtvers": version ??= value; break;
                case "id": id ??= value; break;
                case "proto": protocol ??= value; break;
                case "role": role ??= value; break;
                case "kind": kind ??= value; break;
                case "ports": ports ??= value; break;
            }
        }

        return version == Version
            && Guid.TryParseExact(id, "N", out var guid)
            && ushort.TryParse(protocol, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            && role is null or "host" or "satellite"
            && kind is null or "lan" or "cloud"
            && TryReadPorts(ports, out var read)
            ? new NodeText(
                new NodeId(guid),
                number,
                role switch { null => null, "host" => NodeRole.Host, _ => NodeRole.Satellite },
                kind switch { null => null, "lan" => PeerKind.Lan, _ => PeerKind.Cloud },
                read)
            : null;
    }

    public bool Equals(NodeText? other) => other is not null && Id == other.Id && ProtocolVersion == other.ProtocolVersion && Role == other.Role && Kind == other.Kind && Ports.SequenceEqual(other.Ports);

    public override int GetHashCode() => Id.GetHashCode();

    /// <summary>Whether a scheme is followed by an address and a port, of either family: of <c>a</c> a drive is made, of <c>file</c> a path.</summary>
    private static bool MakesEndPoints(string scheme, int port) => MakesEndPoint(scheme, "127.0.0.1", port) && MakesEndPoint(scheme, "[::1]", port);

    private static bool MakesEndPoint(string scheme, string address, int port) =>
        Uri.TryCreate(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{address}:{port}"), UriKind.Absolute, out var endPoint)
        && endPoint.Scheme == scheme && endPoint.Host == address && endPoint.Port == port;

    private static bool TryReadPorts(string? text, out ImmutableArray<(string Scheme, int Port)> ports)
    {
        ports = [];
        foreach (var part in (text ?? "").Split(',', MaxPorts + 1))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon is < 1 or > MaxScheme
                || part.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters) || !char.IsAsciiLetterLower(part[0])
                || !ushort.TryParse(part.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0
                || !MakesEndPoints(part[..colon], port)
                || ports.Length == MaxPorts)
            {
                return false;
            }

            ports = ports.Add((part[..colon], port));
        }

        return true;
    }
}
