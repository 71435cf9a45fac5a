using System.Collections.Immutable;

namespace Loophole.Cluster.Graph;

/// <summary>One logical node with several plugin variants, one of them active. A missing active variant passes audio through.</summary>
public sealed record StackNode : GraphNode
{
    /// <summary>The variants, 1 or more.</summary>
    public required ImmutableArray<PluginVariant> Variants { get; init; }

    /// <summary>Index of the active variant.</summary>
    public int ActiveVariant { get; init; }
}
