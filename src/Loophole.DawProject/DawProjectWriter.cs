using System.IO.Compression;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Loophole.DawProject.Archive;
using Loophole.DawProject.Reading;
using Loophole.DawProject.Writing;

namespace Loophole.DawProject;

/// <summary>Writes <c>.dawproject</c> files.</summary>
/// <remarks>The same document and entries give the same bytes, whenever and wherever they are written.</remarks>
public static class DawProjectWriter
{
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a project beside its place and then puts it there; an older file is replaced only by a whole new one. [any]</summary>
    /// <param name="path">The file.</param>
    /// <param name="document">The content of <c>project.xml</c>.</param>
    /// <param name="entries">The files that the document refers to, by unique path.</param>
    /// <param name="cancellationToken">Stops writing; nothing half-written stays.</param>
    /// <returns>When the file is in place.</returns>
    /// <exception cref="DawProjectException">An identifier is there twice, a reference leads nowhere, a path is unsafe or there twice,
    /// a text cannot be written as XML, or the file system refuses.</exception>
    public static async Task WriteAsync(string path, DawProjectDocument document, IReadOnlyList<DawProjectEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(entries);
        var file = $"{path}: {ProjectArchive.ProjectEntry}";
        var root = DocumentWriter.Write(document);
        DocumentCheck.CheckReferences(root, new ReadContext(file, new ReportLog()));
        CheckPaths(path, entries);
        var aside = path + ".part";
        try
        {
            await WriteArchiveAsync(aside, Serialize(root, file), entries, cancellationToken).ConfigureAwait(false);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception exception) when (exception is not DawProjectException and (IOException or UnauthorizedAccessException or NotSupportedException))
        {
            throw new DawProjectException(DawProjectError.Unreadable, $"{path}: cannot be written ({exception.Message})", exception);
        }
        finally
        {
            Discard(aside);
        }
    }

    private static void CheckPaths(string path, IReadOnlyList<DawProjectEntry> entries)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { ProjectArchive.ProjectEntry, ProjectArchive.MetadataEntry };
        foreach (var entry in entries)
        {
            if (!EntryPath.IsSafeEntry(entry.Path) || !EntryPath.TryNormalize(entry.Path, out var normalized) || normalized != entry.Path)
            {
                throw new DawProjectException(DawProjectError.UnsafePath, $"{path}: \"{entry.Path}\" is no path inside the archive.");
            }

            if (!seen.Add(normalized))
            {
                throw new DawProjectException(DawProjectError.BadValue, $"{path}: the entry \"{entry.Path}\" is there twice.");
            }
        }
    }

    private static byte[] Serialize(XElement root, string file)
    {
        var buffer = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, IndentChars = "  ", NewLineChars = "\n" };
        try
        {
            using (var writer = XmlWriter.Create(buffer, settings))
            {
                new XDocument(new XDeclaration("1.0", "UTF-8", "yes"), root).Save(writer);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or XmlException)
        {
            throw new DawProjectException(DawProjectError.BadXml, $"{file}: a text cannot be written as XML ({exception.Message})", exception);
        }

        return buffer.ToArray();
    }

    private static async Task WriteArchiveAsync(string aside, byte[] project, IReadOnlyList<DawProjectEntry> entries, CancellationToken cancellationToken)
    {
        var stream = new FileStream(aside, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous);
        await using (stream.ConfigureAwait(false))
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            await AddAsync(archive, ProjectArchive.MetadataEntry, new MemoryStream("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<MetaData/>\n"u8.ToArray()), CompressionLevel.Optimal, cancellationToken).ConfigureAwait(false);
            await AddAsync(archive, ProjectArchive.ProjectEntry, new MemoryStream(project), CompressionLevel.Optimal, cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries)
            {
                await AddAsync(archive, entry.Path, entry.Open(), CompressionLevel.Fastest, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task AddAsync(ZipArchive archive, string path, Stream content, CompressionLevel level, CancellationToken cancellationToken)
    {
        await using (content.ConfigureAwait(false))
        {
            var entry = archive.CreateEntry(path, level);
            entry.LastWriteTime = EntryTime;
            var target = entry.Open();
            await using (target.ConfigureAwait(false))
            {
                await content.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static void Discard(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that is already on its way says more than this one.
        }
    }
}
