using System.Collections.Immutable;
using Loophole.Cluster.Media;
using Loophole.DawProject.Archive;

namespace Loophole.DawProject.Resolving;

/// <summary>Brings the audio files of a project into the media store, each once.</summary>
internal sealed class MediaImporter(DawProjectFile file, DawProjectGraphOptions options, ReportLog reports)
{
    private readonly Dictionary<string, (MediaId Id, MediaInfo Info)> _imported = new(StringComparer.Ordinal);
    private readonly List<MediaId> _order = [];
    private readonly HashSet<MediaId> _seen = [];

    public ImmutableArray<MediaId> Media => [.. _order];

    /// <summary>Imports the file of a piece, unless that was done.</summary>
    public async Task<(MediaId Id, MediaInfo Info)> ImportAsync(AudioPiece piece, CancellationToken cancellationToken)
    {
        var reference = piece.Audio.File;
        var isExternal = reference.External == true;
        var place = isExternal ? ExternalPath(piece) : InternalPath(piece);
        var key = (isExternal ? "x:" : "i:") + place;
        if (!_imported.TryGetValue(key, out var media))
        {
            media = await ImportAsync(piece, place, isExternal, cancellationToken).ConfigureAwait(false);
            _imported.Add(key, media);
            if (_seen.Add(media.Id))
            {
                _order.Add(media.Id);
            }
        }

        if (piece.Audio.SampleRate != media.Info.SampleRate || piece.Audio.Channels != media.Info.AudioChannels)
        {
            reports.Add(
                DawProjectReportKind.Assumed,
                piece.Audio,
                $"The project says {piece.Audio.SampleRate} Hz and {piece.Audio.Channels} channels; {ReportLog.Shorten(reference.Path)} has {media.Info.SampleRate} Hz and {media.Info.AudioChannels}, which counts.");
        }

        return media;
    }

    private async Task<(MediaId Id, MediaInfo Info)> ImportAsync(AudioPiece piece, string place, bool isExternal, CancellationToken cancellationToken)
    {
        try
        {
            MediaId id;
            using (var stream = isExternal ? OpenExternal(piece, place, out var length) : OpenInternal(piece, place, out length))
            {
                id = await options.Media.ImportAsync(stream, length, null, cancellationToken).ConfigureAwait(false);
            }

            using var content = options.Media.Open(id);
            return (id, options.Inspector.Inspect(content, place));
        }
        catch (Exception exception) when (exception is MediaException or UnauthorizedAccessException || ProjectArchive.IsDamage(exception))
        {
            throw Fail(piece, $"cannot be used ({exception.Message})", exception);
        }
    }

    private Stream OpenInternal(AudioPiece piece, string place, out long length)
    {
        length = file.LengthOf(place);
        if (length < 0)
        {
            throw Fail(piece, "is not in the archive");
        }

        return length <= DawProjectLimits.MediaBytes
            ? file.Open(place)
            : throw new DawProjectException(DawProjectError.TooLarge, $"{file.Path}: {place}, which {piece.Clip.Describe()} plays, has {length} bytes; that is refused.");
    }

    private FileStream OpenExternal(AudioPiece piece, string place, out long length)
    {
        // Looked at before it is opened: opening a pipe would wait for its other end.
        var info = new FileInfo(place);
        if (!info.Exists)
        {
            throw Fail(piece, "is not there");
        }

        length = info.Length;
        return length > 0 ? new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan) : throw Fail(piece, "is empty");
    }

    private string InternalPath(AudioPiece piece) => EntryPath.TryNormalize(piece.Audio.File.Path, out var normalized)
        ? normalized
        : throw new DawProjectException(
            DawProjectError.UnsafePath,
            $"{file.Path}: the path \"{ReportLog.Shorten(piece.Audio.File.Path)}\", which {piece.Clip.Describe()} plays, climbs out of the archive.");

    private string ExternalPath(AudioPiece piece)
    {
        var path = piece.Audio.File.Path.Replace('\\', '/');
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw Fail(piece, "is no path");
        }

        return Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file.Path))!);
    }

    private DawProjectException Fail(AudioPiece piece, string problem, Exception? inner = null) =>
        new(DawProjectError.BadMedia, $"{file.Path}: {ReportLog.Shorten(piece.Audio.File.Path)}, which {piece.Clip.Describe()} plays, {problem}.", inner);
}
