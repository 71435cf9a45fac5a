using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary>Answers <c>playback.stop</c>: what was played.</summary>
/// <param name="Frames">Frames played, silence for what was missing included.</param>
/// <param name="MissingFrames">Frames that were not there in time.</param>
/// <param name="LateBlocks">Calls in which something was missing.</param>
/// <param name="Xruns">What the device itself missed.</param>
/// <param name="Sha256">Hash of the recorded samples; empty without a recording.</param>
/// <param name="LostFrames">Frames that the recording lacks.</param>
/// <param name="CallbackFaults">What the callback did that it must not, a line for each kind; <see langword="null"/> when it was not guarded.</param>
/// <param name="Times">How long the callback took.</param>
internal sealed record PlayEnded(long Frames, long MissingFrames, long LateBlocks, long Xruns, string Sha256, long LostFrames, ImmutableArray<string>? CallbackFaults, CallTimes Times);
