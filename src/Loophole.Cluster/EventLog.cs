using System.Collections.Immutable;
using System.Text.Json;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster;

/// <summary>Reads and writes event logs: one JSON object per line, each a <see cref="RenderEvent"/>, by (frame, sequence). Empty lines are skipped.</summary>
/// <remarks>For example <c>{"kind":"transport","frame":0,"sequence":0,"projectFrame":48000,"isPlaying":true,"resetsState":false}</c> and
/// <c>{"kind":"parameter","frame":96000,"sequence":1,"nodeId":"node:1","parameter":"volume","value":0.5,"rampFrames":480}</c>.</remarks>
public static class EventLog
{
    /// <summary>A log with more events is refused.</summary>
    public const int MaxEvents = 1_000_000;

    /// <summary>Reads a log. [any]</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The events, in order.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A line is not an event, or out of order; the message names file and line.</exception>
    public static async Task<ImmutableArray<RenderEvent>> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        var events = ImmutableArray.CreateBuilder<RenderEvent>();
        var line = 0;
        await foreach (var text in Lines(path, cancellationToken).ConfigureAwait(false))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            var change = Parse(text, path, line);
            if (change.Frame < 0 || (events.Count > 0 && (change.Frame, change.Sequence).CompareTo((events[^1].Frame, events[^1].Sequence)) <= 0))
            {
                throw new InvalidDataException($"{path}, line {line}: events come by growing (frame, sequence), from frame 0.");
            }

            if (change is ParameterEvent { RampFrames: < 0 } or ParameterEvent { Value: double.NaN or double.PositiveInfinity or double.NegativeInfinity })
            {
                throw new InvalidDataException($"{path}, line {line}: a value is finite, a ramp is not negative.");
            }

            if (events.Count == MaxEvents)
            {
                throw new InvalidDataException($"{path} has more than {MaxEvents} events.");
            }

            events.Add(change);
        }

        return events.ToImmutable();
    }

    /// <summary>Writes a log. The file appears only when it is complete; an existing one is replaced. [any]</summary>
    /// <param name="path">The file.</param>
    /// <param name="events">The events, in order.</param>
    /// <param name="cancellationToken">Stops writing; nothing is left behind.</param>
    /// <returns>Completes when the file is there.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, ImmutableArray<RenderEvent> events, CancellationToken cancellationToken = default)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await File.WriteAllLinesAsync(unfinished, events.Select(change => JsonSerializer.Serialize(change, ClusterJson.Default.RenderEvent)), cancellationToken).ConfigureAwait(false);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception failure)
        {
            File.Delete(unfinished);
            if (failure is UnauthorizedAccessException)
            {
                throw new IOException($"{path} cannot be written: {failure.Message}", failure);
            }

            throw;
        }
    }

    private static IAsyncEnumerable<string> Lines(string path, CancellationToken cancellationToken)
    {
        try
        {
            return File.ReadLinesAsync(path, cancellationToken);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{path} cannot be read: {refused.Message}", refused);
        }
    }

    private static RenderEvent Parse(string text, string path, int line)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ClusterJson.Default.RenderEvent) ?? throw new JsonException("null is not an event.");
        }
        catch (Exception malformed) when (malformed is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{path}, line {line}: not a transport or parameter event{(malformed is JsonException { BytePositionInLine: { } at } ? $", at character {at + 1}" : "")}.", malformed);
        }
    }
}
