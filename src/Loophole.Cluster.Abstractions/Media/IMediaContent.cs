namespace Loophole.Cluster.Media;

/// <summary>The bytes of one asset, open for reading. Disposing closes it.</summary>
public interface IMediaContent : IDisposable
{
    /// <summary>Length in bytes, 0 or more. [any]</summary>
    long Length { get; }

    /// <summary>Reads bytes at a position. Allocates nothing. [render thread], not the audio thread: it may wait for the disk.</summary>
    /// <param name="offset">Byte position, 0 to <see cref="Length"/>.</param>
    /// <param name="destination">Filled as far as the asset reaches; the caller's.</param>
    /// <returns>Bytes read: less than asked only at the end of the asset.</returns>
    /// <exception cref="MediaException">The asset cannot be read.</exception>
    int Read(long offset, Span<byte> destination);
}
