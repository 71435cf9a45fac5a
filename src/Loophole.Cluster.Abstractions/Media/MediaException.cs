namespace Loophole.Cluster.Media;

/// <summary>Media could not be used. <see cref="Error"/> says why.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence that names the asset or file.</param>
/// <param name="innerException">The file system's own exception, or <see langword="null"/>.</param>
public sealed class MediaException(MediaError error, string message, Exception? innerException = null)
    : IOException(message, innerException)
{
    /// <summary>The classified cause.</summary>
    public MediaError Error { get; } = error;
}
