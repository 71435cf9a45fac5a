namespace Loophole.Cluster.Messages;

/// <summary><c>playback.start</c> (host only): play on a device. Positions follow as events, or a failure.</summary>
/// <param name="Start">What is played. Its output path is where to record, or empty.</param>
/// <param name="LiveId">The subgraph that is rendered in the callback and makes the output (<c>cluster.deployLive</c>), or <see langword="null"/> when all is rendered ahead.</param>
/// <param name="Device">The device (<c>AudioDeviceInfo.Id</c>).</param>
/// <param name="DeviceBlockFrames">Block size to ask it for; 0 for its own.</param>
internal sealed record PlayCommand(StartCommand Start, string? LiveId, string Device, int DeviceBlockFrames);
