namespace Loophole.Cluster.Transports;

/// <summary>A connection could not be made or was lost. <see cref="Error"/> says why.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence that names the endpoint, without secrets.</param>
/// <param name="innerException">The transport's own exception, or <see langword="null"/>.</param>
public sealed class TransportException(TransportError error, string message, Exception? innerException = null)
    : IOException(message, innerException)
{
    /// <summary>The classified cause.</summary>
    public TransportError Error { get; } = error;
}
