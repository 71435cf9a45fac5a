using Loophole.Cluster.Media;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>A media store that holds nothing. Safe for concurrent use.</summary>
public sealed class NoMediaStore : IMediaStore
{
    /// <summary>Nothing is here. [any]</summary>
    /// <param name="id">The asset.</param>
    /// <returns><see langword="false"/>.</returns>
    public bool Contains(MediaId id) => false;

    /// <summary>Nothing can be opened. [any]</summary>
    /// <param name="id">The asset.</param>
    /// <returns>Never.</returns>
    /// <exception cref="MediaException"><see cref="MediaError.NotFound"/>, always.</exception>
    public IMediaContent Open(MediaId id) => throw new MediaException(MediaError.NotFound, $"{id} is not here.");

    /// <summary>Nothing can be stored. [any]</summary>
    /// <param name="content">Not read.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="expected">The address.</param>
    /// <param name="cancellationToken">Not used.</param>
    /// <returns>Never.</returns>
    /// <exception cref="MediaException"><see cref="MediaError.Full"/>, always.</exception>
    public ValueTask<MediaId> ImportAsync(Stream content, long length, MediaId? expected, CancellationToken cancellationToken = default) =>
        throw new MediaException(MediaError.Full, "This store takes nothing.");
}
