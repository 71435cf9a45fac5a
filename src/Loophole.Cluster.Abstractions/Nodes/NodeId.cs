namespace Loophole.Cluster.Nodes;

/// <summary>Identity of one Signal, stable for the lifetime of its process.</summary>
/// <param name="Value">A random identifier that the Signal chose at its start.</param>
public readonly record struct NodeId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}
