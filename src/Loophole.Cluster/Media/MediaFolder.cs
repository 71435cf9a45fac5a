namespace Loophole.Cluster.Media;

/// <summary>The layout of a media folder: assets at <c>ab/abcd…</c>, imports under way in <c>incoming</c>; and how room is made in it.</summary>
/// <remarks>An asset's time of last use is kept as its last write time: access times are switched off on many machines. An open file carries
/// a shared lock, so that no process evicts what another one reads.</remarks>
internal sealed class MediaFolder
{
    private static readonly TimeSpan IncomingLife = TimeSpan.FromDays(1);

    private readonly string _root;
    private readonly string _incoming;
    private readonly long _capacityBytes;
    private readonly TimeProvider _time;
    private readonly Lock _roomGate = new();
    private long _bytesCounted;
    private long _bytesSince = long.MaxValue;

    /// <summary>Makes the folder and clears away what dead imports left.</summary>
    /// <exception cref="MediaException"><see cref="MediaError.Unreadable"/>.</exception>
    public MediaFolder(string root, long capacityBytes, TimeProvider time)
    {
        _root = Path.GetFullPath(root);
        _incoming = Path.Combine(_root, "incoming");
        _capacityBytes = capacityBytes;
        _time = time;
        try
        {
            Directory.CreateDirectory(_incoming);
            DeleteDeadImports();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new MediaException(MediaError.Unreadable, $"The media folder {_root} cannot be used: {refused.Message}", refused);
        }
    }

    /// <summary>Where an asset stands or would stand.</summary>
    public string PathOf(MediaId id) => Path.Combine(_root, id.Hex[..2], id.Hex);

    /// <summary>Notes that an asset is used now. A folder that may only be read keeps no record.</summary>
    public void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Only the order of eviction suffers.
        }
    }

    /// <summary>Makes a file for an import, with all its bytes counted against the cap, and evicts what has to go for it.</summary>
    /// <param name="length">Bytes, 0 or more.</param>
    /// <returns>A file of that length, open for writing at its start; the caller publishes or deletes it.</returns>
    /// <exception cref="MediaException"><see cref="MediaError.Full"/> or <see cref="MediaError.Unreadable"/>.</exception>
    public FileStream Reserve(long length)
    {
        if (length > _capacityBytes)
        {
            throw Full(length);
        }

        lock (_roomGate)
        {
            FileStream? file = null;
            try
            {
                file = new FileStream(Path.Combine(_incoming, Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                file.SetLength(length);
                MakeRoom(length);
                return file;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                Discard(file);
                throw refused as MediaException ?? Refused(refused);
            }
        }
    }

    /// <summary>Gives a finished import its place; what stands there already is replaced.</summary>
    /// <exception cref="MediaException"><see cref="MediaError.Full"/> or <see cref="MediaError.Unreadable"/>.</exception>
    public void Publish(string incoming, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Touch(incoming);
            File.Move(incoming, path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused(refused);
        }
    }

    /// <summary>What to throw when the file system refuses to store.</summary>
    public MediaException Refused(Exception cause) => new(
        IsDiskFull(cause) ? MediaError.Full : MediaError.Unreadable, $"The media folder {_root} cannot store an asset: {cause.Message}", cause);

    /// <summary>ENOSPC of Unix, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.</summary>
    private static bool IsDiskFull(Exception refused) => refused.HResult is 28 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    private static void Discard(FileStream? file)
    {
        if (file is not null)
        {
            file.Dispose();
            File.Delete(file.Name);
        }
    }

    private void DeleteDeadImports()
    {
        var oldest = _time.GetUtcNow().UtcDateTime - IncomingLife;
        foreach (var file in Imports())
        {
            if (file.LastWriteTimeUtc < oldest)
            {
                file.Delete();
            }
        }
    }

    /// <summary>Counts and evicts. Counting the folder takes a while, so it is skipped while it can only be far from full, other processes included.</summary>
    private void MakeRoom(long length)
    {
        if (_bytesSince <= (_capacityBytes / 16) - length && _bytesCounted + _bytesSince + length <= _capacityBytes / 2)
        {
            _bytesSince += length;
            return;
        }

        var assets = Assets().Select(f => (f.FullName, Bytes: LengthOf(f), f.LastWriteTimeUtc)).OrderBy(f => f.LastWriteTimeUtc).ToList();
        _bytesCounted = Imports().Sum(LengthOf) + assets.Sum(f => f.Bytes);
        _bytesSince = 0;
        for (var next = 0; _bytesCounted > _capacityBytes; next++)
        {
            if (next == assets.Count)
            {
                throw Full(length);
            }

            _bytesCounted -= TryEvict(assets[next].FullName) ? assets[next].Bytes : 0;
        }
    }

    private IEnumerable<FileInfo> Imports() => new DirectoryInfo(_incoming).EnumerateFiles().Where(f => Guid.TryParseExact(f.Name, "N", out _));

    /// <summary>Nothing but assets: the folder may hold files of someone else, which are neither counted nor evicted.</summary>
    private IEnumerable<FileInfo> Assets() => new DirectoryInfo(_root).EnumerateDirectories("??")
        .SelectMany(d => d.EnumerateFiles().Where(f => MediaId.TryParse(f.Name, out _) && f.Name.StartsWith(d.Name, StringComparison.Ordinal)));

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Published or evicted by someone else in this moment.
            return 0;
        }
    }

    private static bool TryEvict(string path)
    {
        try
        {
            // Fails while anyone has it open, as every reader holds a shared lock.
            using var exclusive = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private MediaException Full(long length) =>
        new(MediaError.Full, $"An asset of {length} bytes does not fit into the media folder {_root}, which may hold {_capacityBytes}.");
}
