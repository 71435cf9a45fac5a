using System.Collections.Immutable;
using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Settings;

namespace Loophole.Pulse;

/// <summary>The cluster of the Pulse that is served, as the partitioner sees it.</summary>
internal static class ServedCluster
{
    /// <summary>What would be placed there now.</summary>
    /// <param name="status">How the cluster is.</param>
    /// <param name="plan">What is placed.</param>
    /// <param name="distribution">What is set about the project.</param>
    /// <param name="policy">How much leaves the host; <see langword="null"/> for what is set.</param>
    public static PartitionRequest Request(ClusterStatus status, GlobalPlan plan, DistributionControl distribution, DistributionPolicy? policy)
    {
        ImmutableArray<ClusterNode> nodes = [.. status.Cluster.Nodes.Where(node => node.Health is not (NodeHealth.Lost or NodeHealth.Left))];
        return new PartitionRequest
        {
            Graph = plan.ToPartitionGraph(distribution.Wishes.PinsTo(nodes.Select(node => node.Description))),
            Nodes = [.. nodes.Select(node => NodeOf(node, distribution))],
            Policy = policy ?? distribution.Policy,
        };
    }

    private static PartitionNode NodeOf(ClusterNode node, DistributionControl distribution)
    {
        var (description, isHost) = (node.Description, node.Description.Role == NodeRole.Host);
        return new PartitionNode(description.Id, description.Workers, isHost)
        {
            Name = description.Name,
            MemoryBytes = description.MemoryBytes,
            Plugins = description.Plugins?.Select(plugin => plugin.Key).ToImmutableHashSet(),
            RoundTrip = isHost ? TimeSpan.Zero : node.Telemetry?.RoundTripMedian ?? TimeSpan.Zero,
            Exclusion = isHost ? null : distribution.FindObjection(description.Name),
        };
    }
}
