using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Loophole.Cluster;
using Loophole.Cluster.Graph;
using Loophole.DawProject;

namespace Loophole.Pulse;

/// <summary>What is to be done while it plays, from a file: one JSON object per line, empty lines are skipped. Times are in seconds.</summary>
/// <remarks>For example <c>{"at":2,"do":"locate","to":7.5}</c>, exact and known ahead, or <c>{"when":1.5,"do":"pause"}</c>, asked for when that much was
/// played, as by somebody who presses a key. <c>do</c>: <c>run</c>, <c>pause</c>, <c>stop</c>, <c>locate</c> (<c>to</c>), <c>loop</c> (<c>from</c>,
/// <c>to</c>, or neither for none), <c>set</c> (<c>node</c>, <c>parameter</c>, <c>value</c> or none to give it back, <c>ramp</c>), <c>gesture</c> (<c>node</c>, <c>parameter</c>,
/// <c>from</c> and <c>to</c> which value, <c>over</c> how long: a hand that moves), <c>live</c> and <c>ahead</c> (<c>channel</c>: rendered in the audio callback from now on, or ahead), <c>distribute</c> (<c>policy</c>: how much leaves the host from now on); with
/// <c>relative</c>, values are added to the parameter's automation.</remarks>
internal sealed class PlayScript
{
    private readonly string _path;
    private readonly int _sampleRate;
    private readonly ImmutableArray<(int Line, PlayScriptLine What)> _lines;
    private readonly List<Task<string?>> _asked = [];
    private ImmutableQueue<(int Line, PlayScriptLine What)> _waiting;

    private PlayScript(string path, int sampleRate, ImmutableArray<(int Line, PlayScriptLine What)> lines)
    {
        (_path, _sampleRate, _lines) = (path, sampleRate, lines);
        _waiting = [.. lines.Where(line => line.What.When is not null).OrderBy(line => line.What.When)];
    }

    /// <summary>Reads a script.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A line cannot be meant; the message names file and line.</exception>
    public static async Task<PlayScript> ReadAsync(string path, AudioGraph graph, CancellationToken cancellationToken)
    {
        var sampleRate = graph.SampleRate;
        var lines = ImmutableArray.CreateBuilder<(int, PlayScriptLine)>();
        var number = 0;
        await foreach (var text in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(text))
            {
                lines.Add((number, Parse(text, $"{path}, line {number}", graph)));
            }
        }

        return new PlayScript(path, sampleRate, lines.ToImmutable());
    }

    /// <summary>Asks for what is known ahead.</summary>
    public void Begin(PlaybackControl control)
    {
        foreach (var line in _lines.Where(line => line.What.When is null))
        {
            _asked.Add(AskAsync(line, control, PlayArguments.Frames(line.What.At ?? 0, _sampleRate)));
        }
    }

    /// <summary>Asks for what it is time for. One caller at a time.</summary>
    public void Follow(long playedFrames, PlaybackControl control)
    {
        while (!_waiting.IsEmpty && _waiting.Peek() is var next && PlayArguments.Frames(next.What.When!.Value, _sampleRate) <= playedFrames)
        {
            _waiting = _waiting.Dequeue();
            _asked.Add(AskAsync(next, control, notBefore: 0));
        }
    }

    /// <summary>What could not be done, once nothing is played any more.</summary>
    public async Task<ImmutableArray<string>> EndAsync() => [.. (await Task.WhenAll(_asked)).OfType<string>(), .. _waiting.Select(line => $"{_path}, line {line.Line}: playing ended before it")];

    private async Task<string?> AskAsync((int Line, PlayScriptLine What) line, PlaybackControl control, long notBefore)
    {
        try
        {
            await line.What.DoAsync(control, _sampleRate, notBefore);
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or ArgumentException or Cluster.Planning.GraphException or ClusterException)
        {
            return $"{_path}, line {line.Line}: {refused.Message}";
        }
    }

    private static PlayScriptLine Parse(string text, string where, AudioGraph graph)
    {
        try
        {
            var line = JsonSerializer.Deserialize(text, PlayScriptJson.Default.PlayScriptLine) ?? throw new JsonException("null is no line.");
            if (line.FindFault(graph.SampleRate) is { } fault)
            {
                throw new InvalidDataException($"{where}: {fault}.");
            }

            return !line.IsOfChannel ? line
                : ProjectSession.Find(graph, line.Channel!, out var unknown) is >= 0 and var channel ? line with { Channel = graph.Channels[channel].Id }
                : throw new InvalidDataException($"{where}: {unknown}");
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"{where}: not a line of a script{(malformed.BytePositionInLine is { } at ? $", at character {at + 1}" : "")}.", malformed);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PlayScriptLine))]
internal sealed partial class PlayScriptJson : JsonSerializerContext;
