using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Discovery;

/// <summary>Discovery where there is no multicast: finds what it was given, and tells nobody. What is advertised has to be put on the others' lists by hand.</summary>
/// <remarks><b>Order.</b> A sequence has every node of its service once, in the order given, and then waits for its token or for disposal.</remarks>
public sealed class StaticDiscovery : INodeDiscovery
{
    private readonly ImmutableArray<DiscoveredNode> _nodes;
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a list.</summary>
    /// <param name="nodes">What is found.</param>
    public StaticDiscovery(IEnumerable<DiscoveredNode> nodes) => _nodes = [.. nodes];

    /// <summary>Makes a list of which nothing is known but where to dial. [any]</summary>
    /// <param name="service">What all of them offer.</param>
    /// <param name="endPoints">Where each is, absolute; of one place by several transports it is one node.</param>
    /// <returns>The list; its nodes are called by their places, <c>host:port</c>.</returns>
    /// <exception cref="ArgumentException">An endpoint is not absolute.</exception>
    public static StaticDiscovery Of(NodeService service, IEnumerable<Uri> endPoints)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        var all = endPoints.ToList();
        return all.TrueForAll(endPoint => endPoint.IsAbsoluteUri)
            ? new StaticDiscovery(all.GroupBy(endPoint => endPoint.Authority).Select(place => new DiscoveredNode { Service = service, Name = place.Key, EndPoints = [.. place] }))
            : throw new ArgumentException("Every endpoint is absolute.", nameof(endPoints));
    }

    /// <inheritdoc/>
    public ValueTask<INodeAdvertisement> AdvertiseAsync(NodeAnnouncement node, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        return new ValueTask<INodeAdvertisement>(new Untold(node.Name));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<NodeSighting> BrowseAsync(NodeService service, CancellationToken cancellationToken = default) =>
        Enum.IsDefined(service) ? ReadAsync(service, cancellationToken) : throw new ArgumentOutOfRangeException(nameof(service), service, "It is no service.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _disposed.TrySetResult();
        return default;
    }

    private async IAsyncEnumerable<NodeSighting> ReadAsync(NodeService service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        foreach (var node in _nodes.Where(node => node.Service == service))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new NodeSighting(NodeChange.Found, node);
        }

        await _disposed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed.Task.IsCompleted, this);

    private sealed class Untold(string name) : INodeAdvertisement
    {
        public string Name => name;

        public ValueTask DisposeAsync() => default;
    }
}
