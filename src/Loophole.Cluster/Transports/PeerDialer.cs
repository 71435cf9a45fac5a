namespace Loophole.Cluster.Transports;

/// <summary>Dials a peer that may have several endpoints, with whatever transport a host has given.</summary>
internal static class PeerDialer
{
    /// <summary>Connects: a <see cref="TransportSet"/> chooses, any other transport takes the first endpoint of its scheme.</summary>
    /// <param name="network">The transport.</param>
    /// <param name="endPoints">What the peer offers, or may offer; at least one.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <exception cref="TransportException">See <see cref="TransportError"/>.</exception>
    public static ValueTask<IClusterConnection> ConnectAsync(IClusterTransport network, IReadOnlyList<Uri> endPoints, CancellationToken cancellationToken) => network is TransportSet set
        ? set.ConnectAsync(endPoints, cancellationToken)
        : network.ConnectAsync(endPoints.FirstOrDefault(endPoint => endPoint.Scheme == network.Scheme) ?? endPoints[0], cancellationToken);
}
