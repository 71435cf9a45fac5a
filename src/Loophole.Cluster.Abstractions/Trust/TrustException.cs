namespace Loophole.Cluster.Trust;

/// <summary>An identity, a join key or a trust store could not be used. <see cref="Error"/> says why.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence that names the file and what to do; no secrets.</param>
/// <param name="innerException">The file system's own exception, or <see langword="null"/>.</param>
public sealed class TrustException(TrustError error, string message, Exception? innerException = null)
    : IOException(message, innerException)
{
    /// <summary>The classified cause.</summary>
    public TrustError Error { get; } = error;
}
