namespace Loophole.Cluster.Placement;

/// <summary>Places whole Channels, and the sums that join them, so that the node with the most to do has as little as possible to do, what crosses links included.</summary>
/// <remarks>Units that feed only one other unit are first contracted into it as long as the result stays small against a node's share; pieces are placed the most expensive first, then moved and exchanged as long
/// as that helps, and then unit by unit. Of few units the best placement is found by looking at all. What is placed already moves only for a reason (<see cref="PartitionRequest.Previous"/>).</remarks>
public sealed class ChannelPartitioner : IPartitioner
{
    /// <inheritdoc/>
    public PartitionPlan Partition(PartitionRequest request)
    {
        var model = new PlacementModel(request);
        return PlacementReport.Of(request.Previous is { } previous && previous.Policy == request.Policy ? Replacement.Make(model, previous) : FullPlacement.Make(model));
    }
}
