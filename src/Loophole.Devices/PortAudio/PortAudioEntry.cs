namespace Loophole.Devices.PortAudio;

/// <summary>A device as PortAudio tells of it.</summary>
/// <param name="Index">Its number in this session.</param>
/// <param name="Id">The host's id and a name that stays.</param>
/// <param name="Name">For people.</param>
/// <param name="InputChannels">At the most.</param>
/// <param name="OutputChannels">At the most.</param>
/// <param name="SampleRate">Frames per second, when nobody asks.</param>
/// <param name="InputLatency">Seconds, at the least.</param>
/// <param name="OutputLatency">Seconds, at the least.</param>
internal sealed record PortAudioEntry(
    int Index, string Id, string Name, int InputChannels, int OutputChannels, int SampleRate, double InputLatency, double OutputLatency);
