using Loophole.Cluster;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Tcp;
using Loophole.Engine;

namespace Loophole.Bench.Playback;

/// <summary>The process of a satellite that does its work, and beside that, once it is told a line, sends the host as much as it can.</summary>
internal static class Flood
{
    public static async Task<int> RunAsync(string name, CancellationToken cancellationToken)
    {
        // Not by Console.In, which waits on the calling thread.
        using var input = new StreamReader(Console.OpenStandardInput());
        var begin = input.ReadLineAsync(cancellationToken).AsTask();
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        var listener = new FloodingListener(await transport.ListenAsync(new Uri("tcp://127.0.0.1:0"), cancellationToken), begin);
        Console.WriteLine($"listening {listener.LocalEndPoint}");
        var service = new SignalService(new SignalOptions { Name = name, Role = NodeRole.Satellite }, transport, new EngineRendererFactory(new BuiltInProcessors()), new NoMedia(), new NoSinks());
        await service.RunAsync(listener, cancellationToken);
        return 0;
    }
}
