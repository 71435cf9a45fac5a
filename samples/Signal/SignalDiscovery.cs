using Loophole.Cluster;
using Loophole.Cluster.Discovery;

namespace Loophole.Signal;

/// <summary>Whether and what the local network is told of a Signal.</summary>
internal static class SignalDiscovery
{
    /// <summary>Tells it, until the discovery is disposed.</summary>
    /// <param name="discovery">How.</param>
    /// <param name="choice">Whether.</param>
    /// <param name="options">The Signal.</param>
    /// <param name="endPoints">Where it listens.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <exception cref="DiscoveryException">It cannot, and always shall.</exception>
    public static async Task AdvertiseAsync(INodeDiscovery discovery, AdvertiseChoice choice, SignalOptions options, IReadOnlyList<Uri> endPoints, CancellationToken cancellationToken)
    {
        if (choice == AdvertiseChoice.Never || (choice == AdvertiseChoice.Auto && endPoints.All(endPoint => endPoint.IsLoopback)))
        {
            return;
        }

        var node = new NodeAnnouncement
        {
            Service = NodeService.Signal,
            Id = options.Id,
            Name = options.Name,
            ProtocolVersion = SignalService.ProtocolVersion,
            Role = options.Role,
            EndPoints = [.. endPoints],
        };
        try
        {
            await discovery.AdvertiseAsync(node, cancellationToken);
        }
        catch (DiscoveryException missing) when (choice == AdvertiseChoice.Auto)
        {
            await Console.Error.WriteLineAsync($"signal: not advertised: {missing.Message}");
        }
    }
}
