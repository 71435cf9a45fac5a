using System.IO.Compression;

namespace Loophole.DawProject.Archive;

/// <summary>The ZIP archive of a project, open for reading, with its entries checked.</summary>
internal sealed class ProjectArchive : IDisposable
{
    public const string ProjectEntry = "project.xml";
    public const string MetadataEntry = "metadata.xml";

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;

    private ProjectArchive(string path, ZipArchive archive, Dictionary<string, ZipArchiveEntry> entries)
    {
        Path = path;
        _archive = archive;
        _entries = entries;
    }

    public string Path { get; }

    public static ProjectArchive Open(string path)
    {
        var stream = OpenFile(path);
        try
        {
            var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: false);
            return new ProjectArchive(path, archive, Index(path, archive));
        }
        catch (DawProjectException)
        {
            stream.Dispose();
            throw;
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            stream.Dispose();
            throw new DawProjectException(DawProjectError.NotAnArchive, $"{path}: not a ZIP archive, or a damaged or truncated one ({exception.Message})", exception);
        }
    }

    /// <summary>What the ZIP code throws at bytes that are not what they should be.</summary>
    public static bool IsDamage(Exception exception) =>
        exception is not DawProjectException and (InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException);

    /// <summary>Bytes of an entry, or −1 when there is none.</summary>
    public long LengthOf(string normalizedPath) => _entries.TryGetValue(normalizedPath, out var entry) ? entry.Length : -1;

    public long CompressedLengthOf(string normalizedPath) => _entries.TryGetValue(normalizedPath, out var entry) ? entry.CompressedLength : -1;

    public Stream OpenEntry(string normalizedPath)
    {
        if (!_entries.TryGetValue(normalizedPath, out var entry))
        {
            throw new DawProjectException(DawProjectError.MissingEntry, $"{Path}: there is no {ReportLog.Shorten(normalizedPath)} in the archive.");
        }

        try
        {
            return new EntryStream(entry.Open(), entry.Length, entry.Crc32);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw new DawProjectException(DawProjectError.NotAnArchive, $"{Path}: the entry {ReportLog.Shorten(normalizedPath)} is damaged ({exception.Message})", exception);
        }
    }

    public void Dispose() => _archive.Dispose();

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 64 * 1024, FileOptions.Asynchronous | FileOptions.RandomAccess);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DawProjectException(DawProjectError.FileNotFound, $"{path}: there is no such file.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DawProjectException(DawProjectError.Unreadable, $"{path}: cannot be read ({exception.Message})", exception);
        }
    }

    private static Dictionary<string, ZipArchiveEntry> Index(string path, ZipArchive archive)
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        if (archive.Entries.Count > DawProjectLimits.Entries)
        {
            throw new DawProjectException(DawProjectError.TooLarge, $"{path}: the archive has {archive.Entries.Count} entries; {DawProjectLimits.Entries} are accepted.");
        }

        foreach (var entry in archive.Entries)
        {
            if (!EntryPath.IsSafeEntry(entry.FullName) || !EntryPath.TryNormalize(entry.FullName, out var normalized))
            {
                throw new DawProjectException(DawProjectError.UnsafePath, $"{path}: the entry \"{ReportLog.Shorten(entry.FullName)}\" climbs out of the archive.");
            }

            if (!entry.FullName.EndsWith('/') && !entries.TryAdd(normalized, entry))
            {
                throw new DawProjectException(DawProjectError.NotAnArchive, $"{path}: the entry \"{ReportLog.Shorten(entry.FullName)}\" is there twice.");
            }
        }

        return entries;
    }
}
