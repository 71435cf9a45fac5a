namespace Loophole.Cluster;

/// <summary>How long the host's audio callback took, and how long the garbage collector stopped the host's threads meanwhile, from when it was ready to play.</summary>
/// <param name="Calls">Calls of the device.</param>
/// <param name="OverPeriod">Calls that took longer than the block that they made is long: each an interruption on a device that has no more blocks in hand.</param>
/// <param name="Longest">The longest call.</param>
/// <param name="LongestAt">Which one that was, from 1; 0 before the first.</param>
/// <param name="Collections">Garbage collections.</param>
/// <param name="Paused">What they stopped every thread of the host for, together; the audio thread only if it was in a call, or came into one, just then.</param>
public sealed record CallTimes(long Calls, long OverPeriod, TimeSpan Longest, long LongestAt, int Collections, TimeSpan Paused);
