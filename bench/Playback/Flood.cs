using Loophole.Cluster;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Tcp;
using Loophole.Engine;

namespace Loophole.Bench.Playback;

/// <summary>The process of a satellite that sends the host as much as it can, beside doing its work.</summary>
internal static class Flood
{
    public static async Task<int> RunAsync(string name, CancellationToken cancellationToken)
    {
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        var listener = new FloodingListener(await transport.ListenAsync(new Uri("tcp://127.0.0.1:0"), cancellationToken));
        Console.WriteLine($"listening {listener.LocalEndPoint}");
        var service = new SignalService(new SignalOptions { Name = name, Role = NodeRole.Satellite }, transport, new EngineRendererFactory(new BuiltInProcessors()), new NoMedia(), new NoSinks());
        await service.RunAsync(listener, cancellationToken);
        return 0;
    }
}
