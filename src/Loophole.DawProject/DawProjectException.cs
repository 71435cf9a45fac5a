namespace Loophole.DawProject;

/// <summary>A project cannot be read, written or used. <see cref="Error"/> says why; the message names file and element.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence that names the file and the element.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class DawProjectException(DawProjectError error, string message, Exception? innerException = null)
    : IOException(message, innerException)
{
    /// <summary>The classified cause.</summary>
    public DawProjectError Error { get; } = error;
}
