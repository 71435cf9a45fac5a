namespace Loophole.Cluster.Discovery;

/// <summary>Tells other machines of a node of this process, and finds theirs: by multicast DNS, from a list, from a directory.</summary>
/// <remarks>
/// <para><b>Trust.</b> Whatever is found is a claim that anybody in the network can make. It says where to dial, never who answers: that is proven by the
/// certificate of the connection. An implementation refuses what breaks the ranges of <see cref="DiscoveredNode"/> and keeps a bounded number of nodes,
/// whatever others send.</para>
/// <para><b>Order.</b> Advertise and browse in any order, as often as needed, several at once. Disposing withdraws what is still advertised, as
/// <see cref="INodeAdvertisement"/> does, and ends every sequence normally. It completes without waiting for the network.</para>
/// <para><b>Thread safety.</b> Safe for concurrent use; nothing of it is for the audio thread.</para>
/// <para><b>Errors.</b> <see cref="DiscoveryException"/> when it cannot begin. What happens to the network later ends nothing: nodes are reported as gone
/// and found again. After disposal, members throw <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public interface INodeDiscovery : IAsyncDisposable
{
    /// <summary>Begins to tell others of a node. [any]</summary>
    /// <param name="node">The node; it does not change any more. Endpoints at an address that no network has are kept until one has it.</param>
    /// <param name="cancellationToken">Stops the attempt and leaves nothing advertised.</param>
    /// <returns>The advertisement, the caller's to dispose. It is on its way: others may find it up to two seconds later.</returns>
    /// <exception cref="DiscoveryException">There is no network to tell it.</exception>
    ValueTask<INodeAdvertisement> AdvertiseAsync(NodeAnnouncement node, CancellationToken cancellationToken = default);

    /// <summary>Looks for nodes: first those that are known already, then each change. Nodes of this process are among them. [any; one reader a sequence]</summary>
    /// <param name="service">Which.</param>
    /// <param name="cancellationToken">Ends the sequence with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Changes, for each node beginning with <see cref="NodeChange.Found"/> and with at most one that is not read yet: a slow reader is told how it
    /// stands, not how it came to that. The looking begins with the first read and ends with the sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is no service.</exception>
    /// <exception cref="DiscoveryException">With the first read: there is no network to look in.</exception>
    IAsyncEnumerable<NodeSighting> BrowseAsync(NodeService service, CancellationToken cancellationToken = default);
}
