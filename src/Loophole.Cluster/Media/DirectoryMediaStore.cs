using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Loophole.Cluster.Media;

/// <summary>Keeps media assets as files of a folder. Safe for concurrent use; several stores, also of several processes, may share the folder.</summary>
/// <remarks>
/// <para><b>Trust.</b> An asset is hashed while it is imported, and again when this store first opens one that it did not import itself. One
/// that turns out changed is deleted.</para>
/// <para><b>Cap.</b> An import evicts the assets that were unused for longest and that no process has open. A store counts the folder again after
/// importing a sixteenth of the cap, so each further store that shares the folder may pass the cap by that much.</para>
/// <para><b>Crashes.</b> An asset gets its name when it is whole. What a dead import left behind is deleted after a day.</para>
/// </remarks>
public sealed class DirectoryMediaStore : IMediaStore
{
    private const int ChunkBytes = 256 * 1024;

    private readonly MediaFolder _folder;
    private readonly ConcurrentDictionary<MediaId, StoredAsset> _assets = new();

    /// <summary>Opens a folder, and makes it when it does not exist. [any]</summary>
    /// <param name="options">Read once.</param>
    /// <param name="time">Tells when an asset was used; <see langword="null"/> for the system's clock.</param>
    /// <exception cref="MediaException"><see cref="MediaError.Unreadable"/>: the folder cannot be made or read.</exception>
    public DirectoryMediaStore(DirectoryMediaStoreOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _folder = new MediaFolder(options.Directory, options.CapacityBytes, time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public bool Contains(MediaId id) => _assets.TryGetValue(id, out var asset) ? asset.Exists() : File.Exists(_folder.PathOf(id));

    /// <inheritdoc/>
    public IMediaContent Open(MediaId id) => _assets.ContainsKey(id) || File.Exists(_folder.PathOf(id))
        ? Asset(id).Open()
        : throw new MediaException(MediaError.NotFound, $"Media {id} is not in the store.");

    /// <inheritdoc/>
    /// <remarks>What <paramref name="content"/> throws passes through.</remarks>
    public async ValueTask<MediaId> ImportAsync(Stream content, long length, MediaId? expected, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var file = _folder.Reserve(length);
        try
        {
            MediaId id;
            await using (file.ConfigureAwait(false))
            {
                id = await CopyAsync(content, length, file, cancellationToken).ConfigureAwait(false);
            }

            if (expected is { } address && address != id)
            {
                throw new MediaException(MediaError.Corrupt, $"Media {address} arrived as {id}.");
            }

            Asset(id).Publish(file.Name, length);
            return id;
        }
        finally
        {
            // Does nothing once the file has its place.
            File.Delete(file.Name);
        }
    }

    private async ValueTask<MediaId> CopyAsync(Stream content, long length, FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (var left = length; left > 0;)
            {
                var count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    throw new MediaException(MediaError.Corrupt, $"An asset of {length} bytes ended {left} bytes early.");
                }

                hash.AppendData(buffer, 0, count);
                await WriteAsync(file, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                left -= count;
            }

            return MediaId.FromDigest(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw _folder.Refused(refused);
        }
    }

    private StoredAsset Asset(MediaId id) => _assets.GetOrAdd(id, static (address, folder) => new StoredAsset(address, folder), _folder);
}
