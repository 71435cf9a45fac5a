using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Loophole.Cluster.Media;

/// <summary>What one store knows of one asset: whether its content was verified in this process, and the one file handle all its readers share. Safe for concurrent use.</summary>
internal sealed class StoredAsset(MediaId id, MediaFolder folder)
{
    private readonly Lock _gate = new();
    private readonly string _path = folder.PathOf(id);
    private SafeFileHandle? _handle;
    private long _readers;

    /// <summary>Length that was verified, −1 while nothing was.</summary>
    private long _verifiedLength = -1;

    /// <summary>The address.</summary>
    public MediaId Id => id;

    /// <summary>Whether the file is there, with its verified length where that is known.</summary>
    public bool Exists()
    {
        var file = new FileInfo(_path);
        var verified = Interlocked.Read(ref _verifiedLength);
        return file.Exists && (verified < 0 || file.Length == verified);
    }

    /// <summary>Moves a verified import into place, unless this store has the asset.</summary>
    public void Publish(string incoming, long length)
    {
        lock (_gate)
        {
            if (length == _verifiedLength && File.Exists(_path))
            {
                folder.Touch(_path);
                return;
            }

            folder.Publish(incoming, _path);
            Interlocked.Exchange(ref _verifiedLength, length);
        }
    }

    /// <summary>Opens the asset for one more reader, and verifies it if that was not done yet.</summary>
    /// <exception cref="MediaException">It is missing, refused or not what its address says; in the last case it is deleted.</exception>
    public StoredContent Open()
    {
        lock (_gate)
        {
            if (_handle is null)
            {
                var handle = OpenFile();
                try
                {
                    Verify(handle);
                }
                catch (Exception refused) when (refused is not MediaException)
                {
                    handle.Dispose();
                    throw Unreadable(refused);
                }
                catch
                {
                    handle.Dispose();
                    throw;
                }

                _handle = handle;
                folder.Touch(_path);
            }

            _readers++;
            return new StoredContent(this, _handle, _verifiedLength);
        }
    }

    /// <summary>Called once by each reader; the last one closes the file.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (--_readers == 0)
            {
                _handle!.Dispose();
                _handle = null;
                folder.Touch(_path);
            }
        }
    }

    /// <summary>What to throw when the file system refuses.</summary>
    public MediaException Unreadable(Exception cause) => new(MediaError.Unreadable, $"Media {id} cannot be read: {cause.Message}", cause);

    private SafeFileHandle OpenFile()
    {
        try
        {
            return File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException || IsBeingEvicted(missing))
        {
            // Should it come back, someone else has put it there.
            Interlocked.Exchange(ref _verifiedLength, -1);
            throw new MediaException(MediaError.NotFound, $"Media {id} is not in the store.", missing);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(refused);
        }
    }

    private void Verify(SafeFileHandle handle)
    {
        var length = RandomAccess.GetLength(handle);
        if (length == _verifiedLength)
        {
            return;
        }

        if (HashOf(handle) != id)
        {
            File.Delete(_path);
            Interlocked.Exchange(ref _verifiedLength, -1);
            throw new MediaException(MediaError.Corrupt, $"Media {id} was changed in the store; it has been deleted.");
        }

        Interlocked.Exchange(ref _verifiedLength, length);
    }

    /// <summary>Only who evicts locks a file exclusively: EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsBeingEvicted(IOException refused) => refused.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static MediaId HashOf(SafeFileHandle handle)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            var offset = 0L;
            while (RandomAccess.Read(handle, buffer, offset) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                offset += count;
            }

            return MediaId.FromDigest(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
