namespace Loophole.Cluster;

/// <summary>A render across Signals could not be made. <see cref="Error"/> says why.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence that names the Signal.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class ClusterException(ClusterError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The classified cause.</summary>
    public ClusterError Error { get; } = error;
}
