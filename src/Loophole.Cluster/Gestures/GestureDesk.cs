using System.Collections.Immutable;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Gestures;

/// <summary>The hands that are on parameters, and up to where what they move is known. One caller at a time.</summary>
internal sealed class GestureDesk
{
    /// <summary>Parameters that may be moved at once.</summary>
    private const int MostStreams = 250;

    /// <summary>The shortest line between two values, in frames.</summary>
    private const int ShortestRamp = 16;

    private readonly List<(GestureSession Session, ImmutableArray<GestureStream> Streams)> _open = [];
    private int _streams;

    /// <summary>Whether no hand is on anything.</summary>
    public bool IsEmpty => _open.Count == 0;

    /// <summary>Nothing else will move before this frame.</summary>
    public long KnownBefore { get; private set; }

    /// <summary>The nodes that are moved.</summary>
    public IReadOnlySet<string> NodeIds => Streams.Select(stream => stream.NodeId).ToHashSet();

    private IEnumerable<GestureStream> Streams => _open.SelectMany(open => open.Streams);

    /// <summary>Why no other hand can be laid on these, to follow "The gesture" in a sentence; or <see langword="null"/>.</summary>
    public string? FindFault(ImmutableArray<GestureTarget> targets) =>
        Streams.Count() + targets.Length > MostStreams ? $"is one too many: {MostStreams} parameters can be moved at once" :
        targets.FirstOrDefault(target => Streams.Any(stream => (stream.NodeId, stream.Parameter) == (target.NodeId, target.Parameter))) is { } taken
            ? $"moves \"{taken.Parameter}\" of node \"{taken.NodeId}\", and another hand is on that" : null;

    /// <summary>Lays a hand on its targets, from a frame on.</summary>
    public void Open(GestureSession session, long fromFrame)
    {
        KnownBefore = Math.Max(KnownBefore, fromFrame);
        _open.Add((session, [.. session.Targets.Select(target => new GestureStream(_streams++, target.NodeId, target.Parameter, target.IsRelative))]));
    }

    /// <summary>Takes a hand off.</summary>
    public void Close(GestureSession session) => _open.RemoveAll(open => open.Session == session);

    /// <summary>A little more than is known, for what must be told at once.</summary>
    public long Soon => KnownBefore + ShortestRamp;

    /// <summary>What is open, as Signals are told.</summary>
    public OpenGestures Describe(ImmutableArray<string> subgraphIds) => new([.. Streams], subgraphIds, KnownBefore, 0);

    /// <summary>Gives what has moved its frames: spread over those that are not known yet, each value reached by a line from the one before it.</summary>
    /// <param name="knownBefore">Up to here it will be known then; nothing moves when it is already.</param>
    /// <param name="schedule">Keeps what moves.</param>
    /// <returns>What moves, in order.</returns>
    public ImmutableArray<(GestureStream Stream, ParameterEvent Event)> Advance(long knownBefore, PlaySchedule schedule)
    {
        var frames = knownBefore - KnownBefore;
        if (frames <= 0)
        {
            return [];
        }

        var most = (int)Math.Clamp(frames / ShortestRamp, 1, GestureChannel.MaxValues / Math.Max(1, Streams.Count()));
        var moves = _open.SelectMany(open => Spread(open.Session.Take(), most).Select(at => (open, at.Position, Start: KnownBefore + (long)(at.From * frames), End: KnownBefore + (long)(at.To * frames))))
            .OrderBy(move => move.Start)
            .SelectMany(move => move.open.Streams.Zip(move.open.Session.Targets, (stream, target) => (Stream: stream, move.Start, move.End, Value: target.ValueAt(move.Position))))
            .Select(move => (move.Stream, schedule.Add(move.Start, new PlayChange.SetParameter(move.Stream.NodeId, move.Stream.Parameter, move.Value, move.Stream.IsRelative, move.End - move.Start))))
            .ToImmutableArray();
        KnownBefore = knownBefore;
        return moves;
    }

    /// <summary>Some of the positions, the last among them, each with its part of the way from 0 to 1.</summary>
    private static IEnumerable<(double Position, double From, double To)> Spread(List<double> positions, int most)
    {
        var count = Math.Min(positions.Count, most);
        return Enumerable.Range(1, count).Select(at => (positions[(int)((long)at * positions.Count / count) - 1], (at - 1.0) / count, (double)at / count));
    }
}
