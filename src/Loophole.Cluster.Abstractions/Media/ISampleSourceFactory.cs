namespace Loophole.Cluster.Media;

/// <summary>Opens audio files by their path. Safe for concurrent use.</summary>
public interface ISampleSourceFactory
{
    /// <summary>Opens a file and reads its header. [any]</summary>
    /// <param name="path">The file.</param>
    /// <returns>The source; the caller disposes it.</returns>
    /// <exception cref="MediaException"><see cref="MediaError.NotFound"/>, <see cref="MediaError.Unreadable"/>, <see cref="MediaError.Corrupt"/> or
    /// <see cref="MediaError.Unsupported"/>; the message names the file.</exception>
    ISampleSource Open(string path);
}
