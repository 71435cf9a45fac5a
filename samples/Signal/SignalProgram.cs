using System.Runtime.InteropServices;
using Loophole.Cluster;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Media;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
using Loophole.Devices;
using Loophole.Engine;
using Loophole.Samples;
using Microsoft.Extensions.Logging;

namespace Loophole.Signal;

/// <summary>Composes a Signal from the packages and runs it until Ctrl+C.</summary>
internal static class SignalProgram
{
    private const int BadUse = 2;

    public static async Task<int> RunAsync(SignalArguments arguments, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = arguments.WithParent ? PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true) : null;
        using var termination = arguments.WithParent ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ending)) : null;
        using var loggers = LoggerFactory.Create(logging =>
        {
            if (arguments.Verbose)
            {
                logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Debug);
                logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            }
        });
        try
        {
            TransportCheck.Require(arguments.Transport, arguments.InsecureLoopback);
            var name = arguments.Name ?? Environment.MachineName;
            await using var security = SignalSecurity.Open(arguments, name, loggers);
            if (arguments.WithParent)
            {
                // The parent holds the other end; the system closes it even when the parent is killed. What it had to say is read by now.
                new Thread(() => EndWithParent(ending)) { IsBackground = true, Name = "parent watch" }.Start();
            }

            await using var network = SignalNetwork.Open(arguments.Transport, security.Credentials, loggers);
            var listener = await SignalNetwork.ListenAsync(network, arguments.Listen, ending.Token);
            var media = new DirectoryMediaStore(new DirectoryMediaStoreOptions
            {
                Directory = arguments.Cache?.FullName ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "loophole", "media"),
                CapacityBytes = arguments.CacheMebibytes << 20,
            });
            var options = new SignalOptions
            {
                Role = arguments.Role == SignalRole.Host ? NodeRole.Host : NodeRole.Satellite,
                Name = name,
                Trust = security.Trust,
                Workers = arguments.Workers,
            };
            var service = new SignalService(options, network, new EngineRendererFactory(new BuiltInProcessors()), media, new WavFiles(), AudioHosts.Open(), loggers, noteSinks: new MidiFiles());
            await using var discovery = new MdnsDiscovery(loggers);
            await SignalDiscovery.AdvertiseAsync(discovery, arguments.Advertise, options, network.EndPoints, ending.Token);
            await Console.Out.WriteLineAsync($"listening {string.Join(' ', network.EndPoints.Select(endPoint => $"{endPoint.Scheme}://{endPoint.Authority}"))}");
            await service.RunAsync(listener, ending.Token);
            return 0;
        }
        catch (Exception refused) when (refused is TransportException or DiscoveryException or MediaException or TrustException or ArgumentException or UriFormatException)
        {
            await Console.Error.WriteLineAsync($"signal: {refused.Message}");
            return BadUse;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static void End(PosixSignalContext context, CancellationTokenSource ending)
    {
        context.Cancel = true;
        ending.Cancel();
    }

    private static void EndWithParent(CancellationTokenSource ending)
    {
        try
        {
            while (Console.In.Read() >= 0)
            {
            }

            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Already ending.
        }
    }
}
