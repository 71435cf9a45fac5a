using System.Collections.Immutable;
using System.Net;

namespace Loophole.Cluster.Transports;

/// <summary>What a node says of where it listens, and what that means to whoever has reached it.</summary>
internal static class AdvertisedEndPoints
{
    public const int Max = 16;
    public const int MaxLength = 256;

    /// <summary>Whether endpoints from a peer are some that can be dialled, and few.</summary>
    public static bool AreSane(ImmutableArray<Uri> endPoints) =>
        endPoints.Length is >= 1 and <= Max && endPoints.All(endPoint => endPoint is { IsAbsoluteUri: true, OriginalString.Length: <= MaxLength });

    /// <summary>Reads what a node advertises from the side of whoever has reached it, as <see cref="Nodes.NodeDescription.EndPoints"/> says.</summary>
    /// <param name="reached">The endpoint that was dialled.</param>
    /// <param name="advertised">Sane ones.</param>
    /// <returns>In the node's order, with <paramref name="reached"/> among them.</returns>
    public static ImmutableArray<Uri> SeenFrom(Uri reached, ImmutableArray<Uri> advertised)
    {
        var seen = advertised.Select(endPoint => endPoint.Scheme == reached.Scheme ? reached : IsEverywhere(endPoint) ? At(reached, endPoint) : endPoint).Distinct();
        return [.. seen.Contains(reached) ? seen : seen.Prepend(reached)];
    }

    private static bool IsEverywhere(Uri endPoint) =>
        IPAddress.TryParse(endPoint.DnsSafeHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static Uri At(Uri reached, Uri endPoint)
    {
        // Not Host, which loses the zone of a link-local address.
        var host = reached.HostNameType == UriHostNameType.IPv6 ? $"[{reached.DnsSafeHost}]" : reached.Host;
        return new Uri($"{endPoint.Scheme}://{host}:{endPoint.Port}");
    }
}
