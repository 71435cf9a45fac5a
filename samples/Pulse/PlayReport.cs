using System.Collections.Immutable;

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
/// <param name="Sha256">Hash of the recorded samples; empty without a recording.</param>
/// <param name="Nodes">The Signals, the host first, those that refused last.</param>
/// <param name="Failovers">Subgraphs that went on elsewhere.</param>
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
    string Sha256,
    ImmutableArray<NodeReport> Nodes,
    int Failovers,
    ImmutableArray<string> Reports);
