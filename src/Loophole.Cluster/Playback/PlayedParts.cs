using System.Collections.Immutable;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Live;

namespace Loophole.Cluster.Playback;

/// <summary>What the audio callback plays, and what that is made of.</summary>
internal sealed class PlayedParts
{
    private readonly HubReader[] _readers;

    /// <param name="signal">What is played.</param>
    /// <param name="live">What of it is rendered in the callback, or <see langword="null"/>.</param>
    /// <param name="heard">The signals that the callback reads.</param>
    /// <param name="sent">What it hands to inserts.</param>
    /// <param name="ring">One of the signals grew. [any]</param>
    public PlayedParts(IPlayedSignal signal, LiveCohort? live, ImmutableArray<HeardSignal> heard, HubSignal[] sent, Action ring)
    {
        (Signal, Live, Heard, Sent) = (signal, live, heard, sent);
        _readers = [.. heard.Select(_ => new HubReader("", 0, ring))];
        foreach (var (read, reader) in heard.Zip(_readers))
        {
            read.Signal.Add(reader);
        }
    }

    /// <summary>What is played.</summary>
    public IPlayedSignal Signal { get; }

    /// <summary>What of it is rendered in the callback, or <see langword="null"/>.</summary>
    public LiveCohort? Live { get; }

    /// <summary>The signals that the callback reads.</summary>
    public ImmutableArray<HeardSignal> Heard { get; }

    /// <summary>What it hands to inserts.</summary>
    public HubSignal[] Sent { get; }

    /// <summary>Frees what will not be read any more. [one caller]</summary>
    /// <param name="playhead">What is heard next.</param>
    public void Release(long playhead)
    {
        for (var index = 0; index < Heard.Length; index++)
        {
            var (signal, delay) = Heard[index];
            _readers[index].Release(Math.Min(playhead - delay, signal.Ring.WriteFrame));
            signal.RingProducer();
        }

        foreach (var signal in Sent)
        {
            signal.FreeAndLimit();
        }
    }

    /// <summary>Reads nothing any more. [one caller]</summary>
    public void Leave()
    {
        foreach (var (read, reader) in Heard.Zip(_readers))
        {
            read.Signal.Remove(reader);
        }
    }
}
