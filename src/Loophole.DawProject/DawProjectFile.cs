using System.Collections.Immutable;
using Loophole.DawProject.Archive;

namespace Loophole.DawProject;

/// <summary>An open <c>.dawproject</c>: what its <c>project.xml</c> says, and its other files, read when asked for. Disposing closes it.</summary>
/// <remarks>One caller at a time: entries share one file handle. <see cref="DawProjectReader"/> makes it.</remarks>
public sealed class DawProjectFile : IDisposable, IAsyncDisposable
{
    private readonly ProjectArchive _archive;

    internal DawProjectFile(ProjectArchive archive, DawProjectDocument document, ImmutableArray<DawProjectReport> reports)
    {
        _archive = archive;
        Document = document;
        Reports = reports;
    }

    /// <summary>The path it was opened by. [any]</summary>
    public string Path => _archive.Path;

    /// <summary>The content of <c>project.xml</c>. [any]</summary>
    public DawProjectDocument Document { get; }

    /// <summary>What in it is not known to this library; kept in <see cref="Document"/>. [any]</summary>
    public ImmutableArray<DawProjectReport> Reports { get; }

    /// <summary>How long a file in the archive is. [one caller]</summary>
    /// <param name="path">Path in the archive; either slash, <c>./</c> allowed.</param>
    /// <returns>Bytes, as the archive states them; −1 when there is no such file.</returns>
    /// <exception cref="DawProjectException"><see cref="DawProjectError.UnsafePath"/>: the path climbs out of the archive.</exception>
    public long LengthOf(string path) => _archive.LengthOf(Normalize(path));

    /// <summary>Opens a file in the archive. [one caller]</summary>
    /// <param name="path">Path in the archive; either slash, <c>./</c> allowed.</param>
    /// <returns>A stream from the first byte, which cannot seek; the caller disposes it before opening the next. Reading fails with
    /// <see cref="InvalidDataException"/> when length or checksum are not what the archive states.</returns>
    /// <exception cref="DawProjectException">There is no such file, its path climbs out of the archive, or it is damaged.</exception>
    public Stream Open(string path) => _archive.OpenEntry(Normalize(path));

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private string Normalize(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return EntryPath.TryNormalize(path, out var normalized)
            ? normalized
            : throw new DawProjectException(DawProjectError.UnsafePath, $"{Path}: the path \"{ReportLog.Shorten(path)}\" climbs out of the archive.");
    }
}
