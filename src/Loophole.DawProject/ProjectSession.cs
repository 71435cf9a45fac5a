using System.Collections.Immutable;
using System.Text.Json;
using Loophole.Cluster.Graph;
using Loophole.DawProject.Session;

namespace Loophole.DawProject;

/// <summary>What belongs to a project but has no place in a <c>.dawproject</c>: kept in a JSON file beside it (<c>SONG.dawproject</c>, <c>SONG.session.json</c>). Immutable.</summary>
/// <remarks>For example <c>{"version":1,"channels":{"Vocals":{"input":[1],"monitor":true}}}</c>. A Channel is named by its id, or by its name where no other has it.</remarks>
public sealed class ProjectSession
{
    /// <summary>A file with more bytes is refused.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Of a project for which nothing was said.</summary>
    public static readonly ProjectSession Empty = new(ImmutableSortedDictionary.Create<string, ChannelSession>(StringComparer.Ordinal));

    private ProjectSession(ImmutableSortedDictionary<string, ChannelSession> channels) => Channels = channels;

    /// <summary>What is said of Channels, each by the name under which it was said. [any]</summary>
    public ImmutableSortedDictionary<string, ChannelSession> Channels { get; }

    /// <summary>Where the session of a project is kept. [any]</summary>
    /// <param name="projectPath">The project's file.</param>
    /// <returns>A path beside it.</returns>
    public static string PathOf(string projectPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(projectPath);
        return Path.ChangeExtension(projectPath, ".session.json");
    }

    /// <summary>Reads the session of a project. [any]</summary>
    /// <param name="projectPath">The project's file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The session; <see cref="Empty"/> where there is no file.</returns>
    /// <exception cref="InvalidDataException">The file is no session; the message names it and the place in it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<ProjectSession> ReadAsync(string projectPath, CancellationToken cancellationToken = default)
    {
        var path = PathOf(projectPath);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096, useAsync: true);
            await using var closing = file.ConfigureAwait(false);
            if (file.Length > MaxBytes)
            {
                throw new InvalidDataException($"{path} has {file.Length} bytes; a session has {MaxBytes} at most.");
            }

            var document = await JsonSerializer.DeserializeAsync(file, SessionJson.Default.SessionDocument, cancellationToken).ConfigureAwait(false);
            return Checked(document, path);
        }
        catch (FileNotFoundException)
        {
            return Empty;
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"{path} is no session: {malformed.Message}", malformed);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{path} cannot be read: {refused.Message}", refused);
        }
    }

    /// <summary>The same session with something else said of a Channel. [any]</summary>
    /// <param name="channel">Its id or name.</param>
    /// <param name="session">What to say; what only says defaults is left out.</param>
    /// <returns>The new session.</returns>
    public ProjectSession With(string channel, ChannelSession session)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        ArgumentNullException.ThrowIfNull(session);
        return new ProjectSession(session == new ChannelSession() ? Channels.Remove(channel) : Channels.SetItem(channel, session));
    }

    /// <summary>Writes the session of a project. The file appears only when it is complete; an existing one is replaced. [any]</summary>
    /// <param name="projectPath">The project's file.</param>
    /// <param name="cancellationToken">Stops writing; nothing is left behind.</param>
    /// <returns>Completes when the file is there.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task WriteAsync(string projectPath, CancellationToken cancellationToken = default)
    {
        var path = PathOf(projectPath);
        var unfinished = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            var document = new SessionDocument(SessionDocument.CurrentVersion, new SortedDictionary<string, ChannelSession>(Channels, StringComparer.Ordinal));
            await File.WriteAllBytesAsync(unfinished, JsonSerializer.SerializeToUtf8Bytes(document, SessionJson.Default.SessionDocument), cancellationToken).ConfigureAwait(false);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception failure)
        {
            File.Delete(unfinished);
            throw failure is UnauthorizedAccessException ? new IOException($"{path} cannot be written: {failure.Message}", failure) : failure;
        }
    }

    /// <summary>Puts what is said into a graph. [any]</summary>
    /// <param name="graph">The project's.</param>
    /// <param name="reports">What was said of Channels that are not there, or of a name that several have: one line each, empty for none.</param>
    /// <returns>The graph with it.</returns>
    public AudioGraph ApplyTo(AudioGraph graph, out ImmutableArray<string> reports)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var channels = graph.Channels.ToBuilder();
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, session) in Channels)
        {
            var at = Find(graph, name, out var fault);
            if (fault is not null)
            {
                found.Add(fault);
                continue;
            }

            channels[at] = ChannelSetup.Apply(session, channels[at], found);
        }

        reports = found.ToImmutable();
        return graph with { Channels = channels.ToImmutable() };
    }

    /// <summary>Which Channel of a graph is meant. [any]</summary>
    /// <param name="graph">The project's.</param>
    /// <param name="name">An id or a name.</param>
    /// <param name="fault">Why none can be meant, or <see langword="null"/>.</param>
    /// <returns>Its index in <see cref="AudioGraph.Channels"/>; −1 with a fault.</returns>
    public static int Find(AudioGraph graph, string name, out string? fault)
    {
        var matching = ChannelNames.Find(graph, name);
        fault = matching.Length switch
        {
            0 => $"There is no Channel \"{name}\".",
            1 => null,
            _ => $"{matching.Length} Channels are called \"{name}\"; one is meant by its id: {string.Join(", ", matching.Select(at => graph.Channels[at].Id))}.",
        };
        return fault is null ? matching[0] : -1;
    }

    private static ProjectSession Checked(SessionDocument? document, string path) => document switch
    {
        null => throw new InvalidDataException($"{path} is no session: it says null."),
        { Version: not SessionDocument.CurrentVersion } => throw new InvalidDataException($"{path} has version {document.Version}; known here is {SessionDocument.CurrentVersion}."),
        _ when document.Channels.Any(said => said.Key.Length == 0 || said.Value is null) => throw new InvalidDataException($"{path} says nothing of a Channel, or something of one without a name."),
        _ when document.Channels.FirstOrDefault(said => said.Value.FindFault() is not null) is { Key: { } name, Value: { } said } => throw new InvalidDataException($"{path} says of \"{name}\" {said.FindFault()}."),
        _ => new ProjectSession(document.Channels.ToImmutableSortedDictionary(StringComparer.Ordinal)),
    };
}
