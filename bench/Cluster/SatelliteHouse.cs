using Loophole.Cluster;
using Loophole.Cluster.Media;
using Loophole.Cluster.Tcp;
using Loophole.Engine;
using Loophole.Samples;

namespace Loophole.Bench.Cluster;

/// <summary>Many satellites in one process, each with a listener of its own.</summary>
internal static class SatelliteHouse
{
    /// <summary>Starts them, says where they are, a line each, and serves until standard input ends.</summary>
    public static async Task RunAsync(int count, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var folder = Directory.CreateTempSubdirectory("loophole-satellites-").FullName;
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        var media = new DirectoryMediaStore(new DirectoryMediaStoreOptions { Directory = folder });
        var renderers = new EngineRendererFactory(new BuiltInProcessors());
        var serving = new List<Task>();
        for (var satellite = 1; satellite <= count; satellite++)
        {
            var listener = await transport.ListenAsync(new Uri("tcp://127.0.0.1:0"), cancellationToken);
            var service = new SignalService(new SignalOptions { Name = $"satellite {satellite}" }, transport, renderers, media, new WavFiles());
            serving.Add(service.RunAsync(listener, ending.Token));
            await Console.Out.WriteLineAsync(listener.LocalEndPoint.ToString());
        }

        await Console.In.ReadToEndAsync(CancellationToken.None);
        await ending.CancelAsync();
        await Task.WhenAll(serving);
        Directory.Delete(folder, recursive: true);
    }
}
