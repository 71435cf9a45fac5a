using System.Collections.Immutable;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster;

/// <summary>What was played.</summary>
/// <param name="Sha256">Hash of the recorded samples; empty without a recording.</param>
/// <param name="Frames">Frames played.</param>
/// <param name="AudioChannels">Audio channels played.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="LateBlocks">Blocks of the device in which something was missing. With 0 of them, and of the two after it, an offline render of <paramref name="Events"/> has the samples that were recorded.</param>
/// <param name="MissingFrames">Frames that were not there in time and were silent.</param>
/// <param name="Xruns">What the device itself missed.</param>
/// <param name="LostFrames">Frames that were played but did not get into the recording.</param>
/// <param name="CallbackFaults">What the audio callback did that it must not, a line for each kind; <see langword="null"/> when the host did not guard it (<c>AudioThread.IsGuarded</c>).</param>
/// <param name="Times">How long the audio callback took, and the pauses of the host's garbage collector.</param>
/// <param name="Events">What happened, by (frame, sequence).</param>
/// <param name="Nodes">What each Signal did, the host first.</param>
/// <param name="Failovers">Subgraphs that went on elsewhere.</param>
/// <param name="Gaps">What was not there in time, the first 1,000 of it.</param>
/// <param name="Objections">Why Signals that were there were given nothing of this project.</param>
/// <param name="HeardNotes">Whether the device had a MIDI input that was heard; <see langword="null"/> when nothing was to be heard of it.</param>
/// <param name="DroppedMeterWindows">Windows of meters that were not sent because Pulse, or the way to it, was too slow.</param>
public sealed record PlayResult(
    string Sha256,
    long Frames,
    int AudioChannels,
    int SampleRate,
    long LateBlocks,
    long MissingFrames,
    long Xruns,
    long LostFrames,
    ImmutableArray<string>? CallbackFaults,
    CallTimes Times,
    ImmutableArray<RenderEvent> Events,
    ImmutableArray<NodeResult> Nodes,
    int Failovers,
    ImmutableArray<PlayGap> Gaps,
    ImmutableArray<string> Objections,
    bool? HeardNotes,
    long DroppedMeterWindows);
