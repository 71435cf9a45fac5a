namespace Loophole.Cluster.Media;

/// <summary>Keeps media assets by the hash of their content. Safe for concurrent use.</summary>
/// <remarks>Whatever comes out of <see cref="Open"/> was compared with its address when it went in.</remarks>
public interface IMediaStore
{
    /// <summary>Whether the asset is here and whole. [any]</summary>
    /// <param name="id">The asset.</param>
    /// <returns><see langword="true"/> when <see cref="Open"/> would find it.</returns>
    bool Contains(MediaId id);

    /// <summary>Opens an asset. An open asset is not evicted. [any]</summary>
    /// <param name="id">The asset.</param>
    /// <returns>The content; the caller disposes it.</returns>
    /// <exception cref="MediaException"><see cref="MediaError.NotFound"/>, <see cref="MediaError.Unreadable"/>, or <see cref="MediaError.Corrupt"/> when it was changed inside the store.</exception>
    IMediaContent Open(MediaId id);

    /// <summary>Stores what a stream holds, checks it, and only then makes it visible. [any]</summary>
    /// <param name="content">Read to <paramref name="length"/> bytes; left open.</param>
    /// <param name="length">Bytes to read, 0 or more.</param>
    /// <param name="expected">The address it must turn out to have, or <see langword="null"/> when not known yet.</param>
    /// <param name="cancellationToken">Stops the import; nothing half-written stays.</param>
    /// <returns>The address.</returns>
    /// <exception cref="MediaException"><see cref="MediaError.Corrupt"/> when the content has another address or ends early;
    /// <see cref="MediaError.Full"/> when it does not fit under the store's cap.</exception>
    ValueTask<MediaId> ImportAsync(Stream content, long length, MediaId? expected, CancellationToken cancellationToken = default);
}
