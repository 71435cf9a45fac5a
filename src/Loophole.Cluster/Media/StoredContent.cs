using Microsoft.Win32.SafeHandles;

namespace Loophole.Cluster.Media;

/// <summary>One reader of a stored asset.</summary>
internal sealed class StoredContent(StoredAsset asset, SafeFileHandle handle, long length) : IMediaContent
{
    private int _isClosed;

    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, length);
        ObjectDisposedException.ThrowIf(_isClosed != 0, this);
        destination = destination[..(int)Math.Min(destination.Length, length - offset)];
        var done = 0;
        while (done < destination.Length)
        {
            var count = ReadSome(offset + done, destination[done..]);
            done += count > 0 ? count : throw new MediaException(MediaError.Corrupt, $"Media {asset.Id} was cut short while it was open.");
        }

        return done;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            asset.Close();
        }
    }

    private int ReadSome(long offset, Span<byte> destination)
    {
        try
        {
            return RandomAccess.Read(handle, destination, offset);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw asset.Unreadable(refused);
        }
    }
}
