namespace Loophole.Cluster.Devices;

/// <summary>A device that can be opened.</summary>
/// <param name="Id">What <see cref="AudioDeviceRequest.DeviceId"/> calls it: the host's name, a colon, and what the host knows it by.</param>
/// <param name="Name">For people.</param>
/// <param name="InputChannels">Audio channels it records, 0 or more.</param>
/// <param name="OutputChannels">Audio channels it plays, 0 or more.</param>
/// <param name="SampleRate">Frames per second, when none is asked for.</param>
/// <param name="BlockFrames">Frames per call, when none are asked for.</param>
public sealed record AudioDeviceInfo(string Id, string Name, int InputChannels, int OutputChannels, int SampleRate, int BlockFrames);
