using System.Collections.Immutable;
using Loophole.Cluster.Media;

namespace Loophole.Cluster.Graph;

/// <summary>What a <see cref="Channel"/> hears of the audio device, before its clips and what other Channels feed it; or what was recorded of that.</summary>
public sealed record ChannelInput
{
    /// <summary>The most input channels of a device that can be heard.</summary>
    public const int MaxDeviceChannels = 64;

    /// <summary>The device's input channels, 0 for the first: one for each audio channel of the Channel, or one for all of them.</summary>
    public required ImmutableArray<int> DeviceChannels { get; init; }

    /// <summary>Whether it is heard; one that is not can be recorded all the same. Default yes. A Channel that hears the device is live.</summary>
    public bool IsMonitored { get; init; } = true;

    /// <summary>What is heard in the place of the device: a recording of it from render frame 0 on, at the graph's sample rate. <see langword="null"/> for the device, which an offline
    /// render does not have: there it is silent.</summary>
    public MediaId? Take { get; init; }
}
