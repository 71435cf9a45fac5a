using System.Text;
using System.Xml;
using System.Xml.Linq;
using Loophole.DawProject.Archive;
using Loophole.DawProject.Reading;

namespace Loophole.DawProject;

/// <summary>Reads <c>.dawproject</c> files.</summary>
public static class DawProjectReader
{
    /// <summary>Opens a project and reads its <c>project.xml</c>; everything else is read when asked for. [any]</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops reading; the file is closed.</param>
    /// <returns>The open project; the caller disposes it.</returns>
    /// <remarks>The file may be hostile. Document types, entries that climb out of the archive, and sizes and depths that no project has are refused.</remarks>
    /// <exception cref="DawProjectException">The file cannot be read or is not a project; the message names file, element and line.</exception>
    public static async Task<DawProjectFile> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        cancellationToken.ThrowIfCancellationRequested();
        var archive = ProjectArchive.Open(path);
        try
        {
            var reports = new ReportLog();
            var document = await ReadDocumentAsync(archive, reports, cancellationToken).ConfigureAwait(false);
            return new DawProjectFile(archive, document, reports.ToImmutable());
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private static async Task<DawProjectDocument> ReadDocumentAsync(ProjectArchive archive, ReportLog reports, CancellationToken cancellationToken)
    {
        var file = $"{archive.Path}: {ProjectArchive.ProjectEntry}";
        CheckSize(archive, file);
        var settings = new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = DawProjectLimits.XmlCharacters,
            CloseInput = true,
        };
        try
        {
            using (var reader = XmlReader.Create(archive.OpenEntry(ProjectArchive.ProjectEntry), settings))
            {
                await DocumentCheck.MeasureAsync(reader, file, cancellationToken).ConfigureAwait(false);
            }

            using (var reader = XmlReader.Create(archive.OpenEntry(ProjectArchive.ProjectEntry), settings))
            {
                var loaded = await XDocument.LoadAsync(reader, LoadOptions.SetLineInfo, cancellationToken).ConfigureAwait(false);
                var context = new ReadContext(file, reports);
                DocumentCheck.CheckReferences(loaded.Root!, context);
                return DocumentReader.Read(loaded.Root!, context);
            }
        }
        catch (XmlException exception)
        {
            throw new DawProjectException(DawProjectError.BadXml, $"{file}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is DecoderFallbackException || ProjectArchive.IsDamage(exception))
        {
            throw new DawProjectException(DawProjectError.NotAnArchive, $"{file}: cannot be read from the archive ({exception.Message})", exception);
        }
    }

    private static void CheckSize(ProjectArchive archive, string file)
    {
        var length = archive.LengthOf(ProjectArchive.ProjectEntry);
        if (length < 0)
        {
            throw new DawProjectException(DawProjectError.MissingEntry, $"{archive.Path}: there is no {ProjectArchive.ProjectEntry} in the archive.");
        }

        var ratio = length / Math.Max(1, archive.CompressedLengthOf(ProjectArchive.ProjectEntry));
        if (length > 4L * DawProjectLimits.XmlCharacters || (length > DawProjectLimits.XmlRatioFloor && ratio > DawProjectLimits.XmlRatio))
        {
            throw new DawProjectException(DawProjectError.TooLarge, $"{file} has {length} bytes, {ratio} times its size in the archive; that is refused.");
        }
    }
}
