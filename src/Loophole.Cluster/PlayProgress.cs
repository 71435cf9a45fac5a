using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster;

/// <summary>Where playing is.</summary>
/// <param name="RenderFrame">Frames played since the start.</param>
/// <param name="ProjectFrame">The project frame that is heard next.</param>
/// <param name="IsRunning">Whether project time runs.</param>
/// <param name="Loop">What is repeated, or <see langword="null"/>.</param>
/// <param name="AheadFrames">Frames that are rendered beyond it: the lead in hand.</param>
/// <param name="LeadFrames">Frames that are to be rendered beyond it: more where what was in hand has nearly run out.</param>
/// <param name="InsertAheadFrames">Frames beyond it for which every insert has answered: what is left of the budget of the one that is slowest. <see langword="null"/> without inserts.</param>
/// <param name="LateBlocks">Blocks of the device in which something was missing.</param>
/// <param name="Xruns">What the device itself missed.</param>
/// <param name="DeviceBlockFrames">The device's block size.</param>
/// <param name="Nodes">The Signals and how they are.</param>
/// <param name="Gaps">What was not there in time so far, the first 1,000 of it; one that is not over has no length.</param>
/// <param name="Meters">What the meters show at <paramref name="RenderFrame"/>, as far as anything of them has come.</param>
public sealed record PlayProgress(
    long RenderFrame,
    long ProjectFrame,
    bool IsRunning,
    LoopRegion? Loop,
    long AheadFrames,
    int LeadFrames,
    long? InsertAheadFrames,
    long LateBlocks,
    long Xruns,
    int DeviceBlockFrames,
    ClusterSnapshot Nodes,
    ImmutableArray<PlayGap> Gaps,
    ImmutableArray<MeterLevel> Meters);
