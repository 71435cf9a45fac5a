using Loophole.Cluster.Discovery;
using Loophole.Cluster.Nodes;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>Looks for satellites that tell the local network of themselves.</summary>
internal static class NodeSearch
{
    /// <summary>Whoever is there has answered by then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>Those that are found, by name.</summary>
    /// <exception cref="DiscoveryException">There is no network to look in.</exception>
    public static async Task<IReadOnlyList<DiscoveredNode>> RunAsync(ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, DiscoveredNode>(StringComparer.Ordinal);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(Patience);
        await using var discovery = new MdnsDiscovery(loggers);
        try
        {
            await foreach (var sighting in discovery.BrowseAsync(NodeService.Signal, enough.Token))
            {
                found[sighting.Node.Name] = sighting.Node;
                if (sighting.Change == NodeChange.Gone)
                {
                    found.Remove(sighting.Node.Name);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Looked for long enough.
        }

        return [.. found.Values.Where(node => node.Role == NodeRole.Satellite)];
    }
}
