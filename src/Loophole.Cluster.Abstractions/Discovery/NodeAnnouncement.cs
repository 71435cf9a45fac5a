using System.Collections.Immutable;
using System.Net;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Discovery;

/// <summary>What others are told of a node. Immutable.</summary>
public sealed record NodeAnnouncement
{
    private const int MaxEndPoints = 8;
    private const int MaxScheme = 16;

    /// <summary>What it offers.</summary>
    public required NodeService Service { get; init; }

    /// <summary>The node.</summary>
    public required NodeId Id { get; init; }

    /// <summary>Its name, for people; 1 to 64 characters, no control characters.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or has a control character.</exception>
    public required string Name
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            if (value.Length > 64 || value.Any(char.IsControl))
            {
                throw new ArgumentException("A name has 64 characters at the most, and no control characters.", nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Version of the control messages that it speaks, 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or less.</exception>
    public required int ProtocolVersion
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }

    /// <summary>Host or satellite; <see langword="null"/> for a Pulse.</summary>
    public NodeRole? Role { get; init; }

    /// <summary>Where it is. Default <see cref="PeerKind.Lan"/>.</summary>
    public PeerKind Kind { get; init; } = PeerKind.Lan;

    /// <summary>What its listeners are bound to, in the order in which it would choose; 1 to 8, each of another scheme of 16 characters at the most, at an address
    /// and a port, and nothing behind them. An address that means everywhere stands for every address of the machine: <c>0.0.0.0</c> for those of
    /// IPv4, <c>[::]</c> for all. What is found is every scheme at every address of any of them.</summary>
    /// <exception cref="ArgumentException">There are none, too many, or one is something else.</exception>
    public required ImmutableArray<Uri> EndPoints
    {
        get;
        init
        {
            if (value.IsDefaultOrEmpty || value.Length > MaxEndPoints || !value.All(IsListener) || value.DistinctBy(endPoint => endPoint.Scheme).Count() != value.Length)
            {
                throw new ArgumentException("1 to 8 endpoints, each scheme://address:port with another scheme.", nameof(value));
            }

            field = value;
        }
    }

    private static bool IsListener(Uri? endPoint) => endPoint is { IsAbsoluteUri: true, Scheme.Length: <= MaxScheme, Port: >= 1 and <= ushort.MaxValue, PathAndQuery: "/" or "", Fragment: "", UserInfo: "" }
        && IPAddress.TryParse(endPoint.DnsSafeHost, out _);
}
