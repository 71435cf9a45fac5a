using Loophole.Cluster;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Placement;
using Loophole.Devices;

namespace Loophole.Bench.Playback;

/// <summary>What is played, and on what.</summary>
internal sealed record Scene(string Device, int BlockFrames, int Tracks, int Satellites, TimeSpan Lead, bool IsLive)
{
    /// <summary>Budget of an insert, in blocks of the device.</summary>
    private const int InsertBlocks = 6;

    /// <summary>Well within the lead: who is lost is not heard.</summary>
    public TimeSpan LostAfter => Lead / 4;

    /// <summary>Length of a block of the device.</summary>
    public TimeSpan Period => TimeSpan.FromSeconds((double)BlockFrames / Tones.SampleRate);

    public IAudioDeviceHost OpenDevices() => Device.Split(':')[0] == "jack" ? new JackAudioHost() : new NullAudioHost();

    public PlayRequest Request() => new()
    {
        Graph = Tones.Of(Tracks, IsLive ? InsertBlocks * BlockFrames : 0),
        Device = Device,
        DeviceBlockFrames = BlockFrames,
        Loop = new LoopRegion(0, 4 * Tones.SampleRate),
        LeadFrames = (int)(Lead.TotalSeconds * Tones.SampleRate),
        MostLeadFrames = (int)(Lead.TotalSeconds * Tones.SampleRate),
        Policy = DistributionPolicy.AggressiveOffload,
    };
}
