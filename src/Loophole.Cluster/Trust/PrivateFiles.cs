using Microsoft.Win32.SafeHandles;

namespace Loophole.Cluster.Trust;

/// <summary>Files that only their owner may read and write. On Windows the user's folders see to that; elsewhere the mode is set and checked.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const UnixFileMode Others = ~OwnerFolder;

    private static readonly TimeSpan TurnDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(10);

    /// <summary>Makes a folder, or checks one that is there.</summary>
    /// <exception cref="TrustException">It cannot be made, or others may look into it.</exception>
    public static void EnsureFolder(string folder) => Translate(folder, () =>
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OwnerFolder);
        Check(folder, File.GetUnixFileMode(folder), "700");
    });

    /// <summary>Reads a file whole.</summary>
    /// <returns>Its bytes, or <see langword="null"/> when it is not there.</returns>
    /// <exception cref="TrustException">It cannot be read, others may, or it is longer.</exception>
    public static byte[]? TryRead(string path, int maxLength)
    {
        try
        {
            return Translate(path, () => Read(path, maxLength));
        }
        catch (TrustException missing) when (missing.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes a file, or puts it in the place of another, in one step.</summary>
    /// <exception cref="TrustException">It cannot be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var content = bytes.ToArray();
        Translate(path, () => WriteAside(path, content, aside => File.Move(aside, path, overwrite: true)));
    }

    /// <summary>Writes a file that is not there yet, in one step.</summary>
    /// <returns>Whether it was written; <see langword="false"/> when there is one.</returns>
    /// <exception cref="TrustException">It cannot be written.</exception>
    public static bool TryCreate(string path, ReadOnlySpan<byte> bytes)
    {
        var content = bytes.ToArray();
        using var turn = AwaitTurn(path);
        try
        {
            // Under the lock, as a move looks whether there is one and only then takes its place.
            Translate(path, () => WriteAside(path, content, aside => File.Move(aside, path, overwrite: false)));
            return true;
        }
        catch (TrustException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>Opens a file that only one handle may have, of all processes.</summary>
    /// <returns>The handle, or <see langword="null"/> when somebody has it.</returns>
    /// <exception cref="TrustException">It cannot be opened for another reason.</exception>
    public static FileStream? TryLock(string path) => TryLock(path, FileOptions.None);

    /// <summary>Waits until nobody else has a file that only one handle may have, of all processes.</summary>
    /// <returns>The handle.</returns>
    /// <exception cref="TrustException">Somebody has had it for ten seconds, or it cannot be opened.</exception>
    public static async Task<FileStream> LockAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var started = time.GetTimestamp(); time.GetElapsedTime(started) < TurnDeadline;)
        {
            if (TryLock(path) is { } held)
            {
                return held;
            }

            await Task.Delay(LockRetry, time, cancellationToken).ConfigureAwait(false);
        }

        throw new TrustException(TrustError.Busy, $"Another process has kept {path} locked for {TurnDeadline.TotalSeconds} s.");
    }

    private static FileStream? TryLock(string path, FileOptions more)
    {
        var options = NewFile(FileMode.OpenOrCreate, FileAccess.ReadWrite);
        options.Options = more;
        try
        {
            return Translate(path, () => new FileStream(path, options));
        }
        catch (TrustException held) when (held.InnerException is IOException and not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Waits until nobody else makes a file of this name. The lock's own file goes away with it.</summary>
    private static FileStream AwaitTurn(string path)
    {
        var place = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.lock");
        FileStream? turn = null;
        return SpinWait.SpinUntil(() => (turn = TryLock(place, FileOptions.DeleteOnClose)) is not null, TurnDeadline)
            ? turn!
            : throw new TrustException(TrustError.Unavailable, $"{path} has been made by somebody else for {TurnDeadline.TotalSeconds} s: {place} is held.");
    }

    private static byte[] Read(string path, int maxLength)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        CheckFile(path, file.SafeFileHandle);
        if (file.Length > maxLength)
        {
            throw new TrustException(TrustError.Corrupt, $"{path} has {file.Length} bytes; it can have {maxLength} at the most.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void CheckFile(string path, SafeFileHandle handle)
    {
        if (!OperatingSystem.IsWindows())
        {
            Check(path, File.GetUnixFileMode(handle), "600");
        }
    }

    private static void Check(string path, UnixFileMode mode, string wanted)
    {
        if ((mode & Others) != 0)
        {
            throw new TrustException(TrustError.TooOpen, $"Others may use {path} (mode {Convert.ToString((int)mode, 8)}), so nothing in it can be trusted or is secret. When it is yours, set mode {wanted}.");
        }
    }

    private static void WriteAside(string path, byte[] bytes, Action<string> put)
    {
        var aside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");
        try
        {
            using (var file = new FileStream(aside, NewFile(FileMode.CreateNew, FileAccess.Write)))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            put(aside);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static FileStreamOptions NewFile(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return options;
    }

    private static void Translate(string path, Action action) => Translate(path, () =>
    {
        action();
        return true;
    });

    private static T Translate<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is IOException and not TrustException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TrustException(TrustError.Unavailable, $"{path} cannot be used: {failure.Message}", failure);
        }
    }
}
