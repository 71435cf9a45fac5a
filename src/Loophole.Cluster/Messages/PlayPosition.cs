namespace Loophole.Cluster.Messages;

/// <summary><c>playback.position</c>: where the device is.</summary>
/// <param name="RenderFrame">Render frame that is heard next.</param>
/// <param name="AheadFrames">Frames that are there beyond it.</param>
/// <param name="LeadFrames">Frames that are to be there.</param>
/// <param name="InsertAheadFrames">Frames beyond it for which every insert has answered; <see langword="null"/> without inserts.</param>
/// <param name="LateBlocks">Calls in which something was missing.</param>
/// <param name="Xruns">What the device itself missed.</param>
internal sealed record PlayPosition(long RenderFrame, long AheadFrames, int LeadFrames, long? InsertAheadFrames, long LateBlocks, long Xruns);
