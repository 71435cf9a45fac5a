using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.Cluster.Messages;

/// <summary>What is done with something that the device hears.</summary>
/// <param name="SignalId">The signal that is live of it, or −1 when nobody hears it.</param>
/// <param name="AudioChannels">Its width.</param>
/// <param name="DeviceChannels">The device's input channels, 0 for the first: one for each audio channel, or one for all.</param>
/// <param name="TakePath">The file to record it into, or empty.</param>
internal sealed record InputRoute(int SignalId, int AudioChannels, ImmutableArray<int> DeviceChannels, string TakePath)
{
    /// <summary>Whether its numbers can be meant.</summary>
    public bool IsSane => SignalId >= -1
        && AudioChannels is >= 1 and <= 64
        && (DeviceChannels.Length == 1 || DeviceChannels.Length == AudioChannels)
        && DeviceChannels.All(channel => channel is >= 0 and < ChannelInput.MaxDeviceChannels);
}
