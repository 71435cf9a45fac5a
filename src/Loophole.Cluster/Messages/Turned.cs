namespace Loophole.Cluster.Messages;

/// <summary><c>playback.turned</c>: something else is rendered in the audio callback.</summary>
/// <param name="Frame">From this render frame on.</param>
/// <param name="LeavingFrame">From where what is not live any more can go on elsewhere; 0 where there is nothing.</param>
internal sealed record Turned(long Frame, long LeavingFrame);
