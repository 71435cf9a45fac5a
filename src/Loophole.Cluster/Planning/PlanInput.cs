using System.Collections.Immutable;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>A signal that the audio device makes.</summary>
/// <param name="ChannelId">The Channel that hears it.</param>
/// <param name="Signal">The signal.</param>
/// <param name="DeviceChannels">The device's input channels, 0 for the first: one for each audio channel, or one for all.</param>
public sealed record PlanInput(string ChannelId, PlanSignal Signal, ImmutableArray<int> DeviceChannels);
