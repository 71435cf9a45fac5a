namespace Loophole.Cluster.Planning;

/// <summary>A graph cannot be planned. <see cref="Error"/> says why.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence that names the Channel, node or parameter.</param>
public sealed class GraphException(GraphError error, string message) : Exception(message)
{
    /// <summary>The classified cause.</summary>
    public GraphError Error { get; } = error;
}
