namespace Loophole.Cluster.Media;

/// <summary>Reads the headers of audio files. Safe for concurrent use.</summary>
public interface IMediaInspector
{
    /// <summary>Reads the header. [any]</summary>
    /// <param name="content">An open asset.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>What the header says, checked against the length of the asset.</returns>
    /// <exception cref="MediaException"><see cref="MediaError.Corrupt"/> or <see cref="MediaError.Unsupported"/>; the message has <paramref name="name"/> in it.</exception>
    MediaInfo Inspect(IMediaContent content, string name);
}
