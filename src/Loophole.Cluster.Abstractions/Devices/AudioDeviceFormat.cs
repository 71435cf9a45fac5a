namespace Loophole.Cluster.Devices;

/// <summary>How an open device runs.</summary>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="BlockFrames">Frames that one call has at the most, and normally.</param>
/// <param name="InputChannels">Audio channels recorded, 0 or more.</param>
/// <param name="OutputChannels">Audio channels played, 0 or more; not both 0.</param>
/// <param name="OutputLatencyFrames">Frames from the callback to the plug, as far as the device tells; 0 when it does not.</param>
/// <param name="HearsNotes">Whether it has a MIDI input that is heard.</param>
public sealed record AudioDeviceFormat(int SampleRate, int BlockFrames, int InputChannels, int OutputChannels, int OutputLatencyFrames, bool HearsNotes = false);
