using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Engine;

namespace Loophole.Pulse;

/// <summary>A folder with what Channels heard of the device: a WAV file for each, called after the Channel.</summary>
internal static class Takes
{
    /// <summary>Where the takes of a graph's Channels go; the folder is made.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static ImmutableDictionary<string, string> Prepare(string? folder, AudioGraph graph)
    {
        if (folder is null)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        folder = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(refused.Message, refused);
        }

        return graph.Channels.Where(channel => channel.Input is not null).ToImmutableDictionary(channel => channel.Id, channel => PathOf(folder, graph, channel));
    }

    /// <summary>The graph with what was heard in the place of the device.</summary>
    /// <exception cref="IOException">A take is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A take has another sample rate or width than was heard.</exception>
    /// <exception cref="MediaException">A take is no audio, or cannot be stored.</exception>
    public static async Task<AudioGraph> ReadAsync(string? folder, AudioGraph graph, IMediaStore media, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return graph;
        }

        var channels = graph.Channels.ToBuilder();
        for (var at = 0; at < channels.Count; at++)
        {
            if (channels[at].Input is { IsMonitored: true } input)
            {
                channels[at] = channels[at] with { Input = input with { Take = await ImportAsync(PathOf(folder, graph, channels[at]), graph.SampleRate, channels[at].AudioChannels, media, cancellationToken) } };
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

    private static string PathOf(string folder, AudioGraph graph, Channel channel)
    {
        // By what the file would be called: names may differ in what no file can.
        var name = FileName(channel.Name);
        var isOnly = name.Length > 0 && graph.Channels.Count(other => string.Equals(FileName(other.Name), name, StringComparison.OrdinalIgnoreCase)) == 1;
        return Path.Combine(folder, $"{(isOnly ? name : FileName($"{channel.Name} {channel.Id}"))}.wav");
    }

    private static string FileName(string name) =>
        string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_' or '.' ? letter : '_')).TrimStart('.', ' ');
}
