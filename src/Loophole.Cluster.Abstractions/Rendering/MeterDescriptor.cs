namespace Loophole.Cluster.Rendering;

/// <summary>A meter of a renderer.</summary>
/// <param name="NodeId">Its <c>GraphNode.Id</c>.</param>
/// <param name="AudioChannels">How many audio channels it measures.</param>
public sealed record MeterDescriptor(string NodeId, int AudioChannels);
