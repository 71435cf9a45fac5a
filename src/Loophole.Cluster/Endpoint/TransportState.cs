using System.Collections.Immutable;

namespace Loophole.Cluster.Endpoint;

/// <summary>Where playing is.</summary>
/// <param name="IsPlaying">Whether project time runs.</param>
/// <param name="ProjectFrame">The frame of the project that is heard (<c>positionSamples</c>).</param>
/// <param name="RenderFrame">The render frame that is heard.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Loop">What is repeated, or <see langword="null"/>.</param>
/// <param name="AheadFrames">How far is rendered ahead.</param>
/// <param name="LeadFrames">How far is to be rendered ahead.</param>
/// <param name="LateBlocks">Blocks of the device in which something was missing.</param>
/// <param name="Xruns">What the device itself missed.</param>
/// <param name="Gaps">What was not there in time, the newest of it, at most <see cref="MaxGaps"/>.</param>
public sealed record TransportState(bool IsPlaying, long ProjectFrame, long RenderFrame, int SampleRate, LoopRegion? Loop, long AheadFrames, long LeadFrames, long LateBlocks, long Xruns, ImmutableArray<PlayGap> Gaps)
{
    /// <summary>The most gaps that are told.</summary>
    public const int MaxGaps = 32;
}
