using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Devices;
using Loophole.Engine;

namespace Loophole.Pulse;

/// <summary>A folder with what Channels heard of the device, each file called after its Channel: a WAV file for what was heard, a MIDI file for what was played on keys.</summary>
internal static class Takes
{
    private const string Sound = ".wav";
    private const string Notes = ".mid";

    /// <summary>Makes the folder.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Prepare(string? folder)
    {
        try
        {
            if (folder is not null)
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(refused.Message, refused);
        }
    }

    /// <summary>Where the takes of what Channels hear go; none without a folder.</summary>
    public static ImmutableDictionary<string, string> OfSound(string? folder, AudioGraph graph) => PathsOf(folder, graph, channel => channel.Input is not null, Sound);

    /// <summary>Where the takes of what is played on keys go; none without a folder.</summary>
    public static ImmutableDictionary<string, string> OfNotes(string? folder, AudioGraph graph) => PathsOf(folder, graph, channel => channel.Notes is not null, Notes);

    /// <summary>The graph with what was heard in the place of the device.</summary>
    /// <exception cref="IOException">A take is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A take has another sample rate or width than was heard.</exception>
    /// <exception cref="MediaException">A take is no audio or no MIDI file, or cannot be stored.</exception>
    public static async Task<AudioGraph> ReadAsync(string? folder, AudioGraph graph, IMediaStore media, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return graph;
        }

        var channels = graph.Channels.ToBuilder();
        for (var at = 0; at < channels.Count; at++)
        {
            var channel = channels[at];
            if (channel.Input is { IsMonitored: true } input)
            {
                channels[at] = channels[at] with { Input = input with { Take = await ImportAsync(PathOf(folder, graph, channel, Sound), graph.SampleRate, channel.AudioChannels, media, cancellationToken) } };
            }

            if (channel.Notes is { IsMonitored: true } notes)
            {
                channels[at] = channels[at] with { Notes = notes with { Take = MidiFiles.Read(PathOf(folder, graph, channel, Notes), graph.SampleRate) } };
            }
        }

        return graph with { Channels = channels.ToImmutable() };
    }

    private static async Task<MediaId> ImportAsync(string path, int sampleRate, int audioChannels, IMediaStore media, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var id = await media.ImportAsync(file, file.Length, null, cancellationToken);
        using var content = media.Open(id);
        var info = new WavInspector().Inspect(content, path);
        return (info.SampleRate, info.AudioChannels) == (sampleRate, audioChannels)
            ? id
            : throw new InvalidDataException($"{path} has {info.AudioChannels} channels at {info.SampleRate} Hz; a take of it has {audioChannels} at {sampleRate} Hz.");
    }

    private static ImmutableDictionary<string, string> PathsOf(string? folder, AudioGraph graph, Func<Channel, bool> isTaken, string ending) => folder is null
        ? ImmutableDictionary<string, string>.Empty
        : graph.Channels.Where(isTaken).ToImmutableDictionary(channel => channel.Id, channel => PathOf(Path.GetFullPath(folder), graph, channel, ending));

    private static string PathOf(string folder, AudioGraph graph, Channel channel, string ending)
    {
        // By what the file would be called: names may differ in what no file can.
        var name = FileName(channel.Name);
        var isOnly = name.Length > 0 && graph.Channels.Count(other => string.Equals(FileName(other.Name), name, StringComparison.OrdinalIgnoreCase)) == 1;
        return Path.Combine(folder, $"{(isOnly ? name : FileName($"{channel.Name} {channel.Id}"))}{ending}");
    }

    private static string FileName(string name) =>
        string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_' or '.' ? letter : '_')).TrimStart('.', ' ');
}
