using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Playback;

/// <summary>What is recorded while something is played: what is heard, and a take of each input for which one is asked. Each file appears when it is complete.</summary>
internal sealed class RecordingSet : IAsyncDisposable
{
    /// <summary>What may wait for the disk.</summary>
    private const int CapacitySeconds = 5;

    private const int SilenceFrames = 4_096;

    private readonly PlayCommand _command;
    private readonly IRenderSink? _outputSink;
    private readonly IRenderSink?[] _takeSinks;
    private readonly INoteSink[] _noteSinks;

    private RecordingSet(PlayCommand command, IRenderSink? outputSink, IRenderSink?[] takeSinks, INoteSink[] noteSinks)
    {
        (_command, _outputSink, _takeSinks, _noteSinks) = (command, outputSink, takeSinks, noteSinks);
        Takes = new Recording?[takeSinks.Length];
    }

    /// <summary>Of what is heard; <see langword="null"/> when it is not recorded, or not yet.</summary>
    public Recording? Output { get; private set; }

    /// <summary>Of each of the command's inputs; <see langword="null"/> where none is recorded, or not yet.</summary>
    public Recording?[] Takes { get; }

    /// <summary>Of each of the command's takes of notes; none yet before it has begun.</summary>
    public NoteRecording[] NoteTakes { get; private set; } = [];

    /// <summary>Frames that did not fit into one of them, or another, and notes that did not. [any]</summary>
    public long LostFrames => All.Sum(recording => recording.LostFrames) + NoteTakes.Sum(take => take.Lost);

    private IEnumerable<Recording> All => Takes.Append(Output).OfType<Recording>();

    /// <summary>Opens every file. Takes begin with silence for what comes before the first frame that is played, so that they begin at render frame 0.</summary>
    /// <exception cref="ControlException">One of them cannot be written.</exception>
    public static RecordingSet Open(PlayCommand command, IRenderSinkFactory sinks, INoteSinkFactory? noteSinks)
    {
        var opened = new List<IDisposable>();
        try
        {
            var rate = command.Start.Format.SampleRate;
            return new RecordingSet(command, Make(command.Start.OutputPath, command.Start.OutputAudioChannels), [.. command.Inputs.Select(MakeTake)], [.. command.NoteTakes.Select(MakeNoteTake)]);

            IRenderSink? MakeTake(InputRoute input)
            {
                var take = Make(input.TakePath, input.AudioChannels);
                if (take is not null)
                {
                    WriteSilence(take, input.AudioChannels, command.Start.SkipFrames);
                }

                return take;
            }

            INoteSink MakeNoteTake(NoteRoute take)
            {
                var sink = noteSinks?.Create(take.TakePath, rate) ?? throw new ControlException("output", $"This Signal keeps no notes: {take.TakePath} cannot be written.");
                opened.Add(sink);
                return sink;
            }

            IRenderSink? Make(string path, int audioChannels)
            {
                if (path.Length == 0)
                {
                    return null;
                }

                var sink = sinks.Create(path, audioChannels, rate);
                opened.Add(sink);
                return sink;
            }
        }
        catch (Exception refused) when (refused is IOException or ControlException)
        {
            opened.ForEach(sink => sink.Dispose());
            throw refused is IOException ? new ControlException("output", refused.Message) : refused;
        }
    }

    /// <summary>Starts to write. Once.</summary>
    /// <param name="time">The clock.</param>
    public void Begin(TimeProvider time)
    {
        var capacity = CapacitySeconds * _command.Start.Format.SampleRate;
        Output = _outputSink is null ? null : new Recording(_outputSink, _command.Start.OutputAudioChannels, capacity, time);
        for (var at = 0; at < Takes.Length; at++)
        {
            if (_takeSinks[at] is { } sink)
            {
                Takes[at] = new Recording(sink, _command.Inputs[at].AudioChannels, capacity, time);
            }
        }

        NoteTakes = [.. _noteSinks.Zip(_command.NoteTakes, (sink, take) => new NoteRecording(sink, take.MidiChannel, time))];
    }

    /// <summary>Writes the rest and makes the files visible, what is heard last. Once nothing is recorded any more.</summary>
    /// <returns>The hash of what was heard; empty when that was not recorded.</returns>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public async Task<string> CompleteAsync()
    {
        foreach (var take in Takes.OfType<Recording>())
        {
            await take.CompleteAsync().ConfigureAwait(false);
        }

        foreach (var take in NoteTakes)
        {
            await take.CompleteAsync().ConfigureAwait(false);
        }

        return Output is null ? "" : await Output.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Writes nothing more; files that are not complete disappear.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var recording in All)
        {
            await recording.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var take in NoteTakes)
        {
            await take.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var sink in _takeSinks.Append(_outputSink).Concat<IDisposable?>(_noteSinks))
        {
            sink?.Dispose();
        }
    }

    private static void WriteSilence(IRenderSink sink, int audioChannels, int frames)
    {
        var silence = new float[SilenceFrames * audioChannels];
        for (var written = 0; written < frames; written += SilenceFrames)
        {
            sink.Write(silence.AsSpan(0, Math.Min(SilenceFrames, frames - written) * audioChannels));
        }
    }
}
