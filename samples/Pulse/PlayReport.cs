using System.Collections.Immutable;
using Loophole.Cluster;

namespace Loophole.Pulse;

/// <summary>What <c>play --json</c> prints.</summary>
/// <param name="Device">The device it was played on.</param>
/// <param name="Frames">Frames played.</param>
/// <param name="Channels">Audio channels played.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="LateBlocks">Blocks of the device in which something was missing.</param>
/// <param name="MissingFrames">Frames that were silent because they were not there in time.</param>
/// <param name="Xruns">What the device itself missed.</param>
/// <param name="LostFrames">Frames that did not get into the recording.</param>
/// <param name="CallbackFaults">What the audio callback did that it must not; <see langword="null"/> when it was not guarded.</param>
/// <param name="Callback">How long the audio callback took, and the pauses of the host's garbage collector.</param>
/// <param name="Sha256">Hash of the recorded samples; empty without a recording.</param>
/// <param name="Nodes">The Signals, the host first, those that refused last.</param>
/// <param name="Failovers">Subgraphs that went on elsewhere.</param>
/// <param name="Gaps">What was not there in time.</param>
/// <param name="Reports">What was read otherwise than it was meant, or not at all, and which rules kept the project from a Signal.</param>
internal sealed record PlayReport(
    string Device,
    long Frames,
    int Channels,
    int SampleRate,
    long LateBlocks,
    long MissingFrames,
    long Xruns,
    long LostFrames,
    ImmutableArray<string>? CallbackFaults,
    CallbackReport Callback,
    string Sha256,
    ImmutableArray<NodeReport> Nodes,
    int Failovers,
    ImmutableArray<GapReport> Gaps,
    ImmutableArray<string> Reports);

/// <summary>How long the audio callback took.</summary>
/// <param name="Calls">Calls of the device.</param>
/// <param name="OverPeriod">Those that took longer than their block is long.</param>
/// <param name="LongestMilliseconds">The longest one.</param>
/// <param name="LongestAt">Which one that was, from 1.</param>
/// <param name="Collections">Garbage collections of the host meanwhile.</param>
/// <param name="PausedMilliseconds">What they stopped its threads for, together.</param>
internal sealed record CallbackReport(long Calls, long OverPeriod, double LongestMilliseconds, long LongestAt, int Collections, double PausedMilliseconds)
{
    public static CallbackReport Of(CallTimes times) => new(times.Calls, times.OverPeriod, times.Longest.TotalMilliseconds, times.LongestAt, times.Collections, times.Paused.TotalMilliseconds);
}
