using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Support;

internal static class Pipes
{
    /// <summary>Two ends of one channel.</summary>
    public static async Task<(IClusterChannel Near, IClusterChannel Far)> ChannelsAsync(ChannelPurpose purpose, int pauseThreshold = 1 << 20)
    {
        var transport = new InMemoryTransport(new InMemoryTransportOptions { PauseThreshold = pauseThreshold });
        var listener = await transport.ListenAsync(new Uri("memory://x"), Wait.Token);
        var near = await transport.ConnectAsync(new Uri("memory://x"), Wait.Token);
        var far = await listener.AcceptAsync(Wait.Token);
        return (await near.OpenChannelAsync(purpose, Wait.Token), (await far!.AcceptChannelAsync(Wait.Token))!);
    }
}
