namespace Loophole.Cluster.Rendering;

/// <summary>A plan cannot be rendered. <see cref="Error"/> says why.</summary>
/// <param name="error">The classified cause.</param>
/// <param name="message">A sentence that names the step, node or parameter.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class RenderException(RenderError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The classified cause.</summary>
    public RenderError Error { get; } = error;
}
