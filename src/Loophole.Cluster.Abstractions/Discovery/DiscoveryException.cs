namespace Loophole.Cluster.Discovery;

/// <summary>Nodes can be neither told of nor found. <see cref="Error"/> says why.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence that says what is missing.</param>
/// <param name="innerException">The system's own exception, or <see langword="null"/>.</param>
public sealed class DiscoveryException(DiscoveryError error, string message, Exception? innerException = null)
    : IOException(message, innerException)
{
    /// <summary>The classified cause.</summary>
    public DiscoveryError Error { get; } = error;
}
