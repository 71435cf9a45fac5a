using System.Collections.Immutable;

namespace Loophole.Cluster;

/// <summary>Something that was not there when it was to be heard: a silence with faded edges in one of the signals that the audio callback reads. That is a Channel, or a sum of them, where something is live; and all that is
/// heard where nothing is.</summary>
/// <param name="StartFrame">Where it begins, in frames played since the start.</param>
/// <param name="Frames">How long it was, or <see langword="null"/> as long as it is not over.</param>
/// <param name="ChannelIds">The Channels that were waited for, by their id; more come to it while it is not over.</param>
/// <param name="Nodes">The Signals that had these when they were first waited for, by name.</param>
public sealed record PlayGap(long StartFrame, long? Frames, ImmutableArray<string> ChannelIds, ImmutableArray<string> Nodes);
