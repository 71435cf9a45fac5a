using System.Text.Json;
using Loophole.Cluster;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Media;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Settings;
using Loophole.Cluster.Tcp;
using Loophole.DawProject;
using Loophole.Samples;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary><c>pulse serve</c>: Pulse as a process, with an endpoint for its user interface and its commands.</summary>
internal static class ServeCommand
{
    private static readonly Uri AnyPort = new("tcp://127.0.0.1:0");

    public static async Task<int> RunAsync(string? projectPath, RenderArguments arguments, PlayArguments play, bool json, ILoggerFactory loggers, CancellationToken stop)
    {
        TransportCheck.Require(arguments.Transport, arguments.InsecureLoopback);
        PlayRun.CheckLog(play);
        var media = Project.OpenMedia();
        var project = projectPath is null ? null : await Project.OpenAsync(projectPath, arguments.SampleRate, media, stop);
        var distribution = new DistributionControl(arguments.StoreFolder!, arguments.ProjectName, project?.Graph);
        arguments = arguments with { Policy = distribution.Policy, FindObjection = distribution.FindObjection };
        var request = project is null ? null : PlayRun.RequestOf(project, arguments, play, play.Device ?? PlayCommand.Choose(Terminal.For(json: true)), distribution.Wishes);
        try
        {
            return await ServeAsync(project, request, media, arguments, play, distribution, json, loggers, stop);
        }
        catch when (request is not null)
        {
            PlayRun.RemoveUnfinished(request);
            throw;
        }
    }

    private static async Task<int> ServeAsync(
        DawProjectGraphResult? project,
        PlayRequest? request,
        IMediaStore media,
        RenderArguments arguments,
        PlayArguments play,
        DistributionControl distribution,
        bool json,
        ILoggerFactory loggers,
        CancellationToken stop)
    {
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true }, loggers);
        var listener = await transport.ListenAsync(AnyPort, stop);
        using var file = EndpointFile.Create(arguments.StoreFolder!, listener.LocalEndPoint);
        await using var ensemble = await Ensemble.OpenAsync(arguments, media, loggers, stop);
        var desk = new PulseDesk(ensemble.Registry, ensemble.Membership!, distribution, project is null ? null : ensemble.Coordinator.Playback, arguments.SampleRate);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var serving = new PulseEndpoint(file.Address.Token, desk, loggers).RunAsync(listener, ending.Token);
        await AdvertiseAsync(ensemble.Discovery!, listener.LocalEndPoint, stop);
        Announce(file.Address, json);
        try
        {
            await (request is null ? Task.Delay(Timeout.Infinite, stop) : PlayAsync(project!, request, play, ensemble, desk, json, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Served for long enough.
        }
        finally
        {
            await ending.CancelAsync();
            await serving;
        }

        return ExitCode.Done;
    }

    private static async Task PlayAsync(
        DawProjectGraphResult project, PlayRequest request, PlayArguments play, Ensemble ensemble, PulseDesk desk, bool json, CancellationToken stop)
    {
        var result = await ensemble.Coordinator.PlayAsync(request, desk, stop, CancellationToken.None);
        if (play.LogPath is { } log)
        {
            await EventLog.WriteAsync(log, result.Events, CancellationToken.None);
        }

        PlayCommand.Show(PlayRun.Report(request.Device, result, ensemble.Refused, project, []), play, json);
    }

    /// <summary>Tells of it by multicast DNS: on this machine's loopback interface, where alone it can be reached.</summary>
    private static async Task AdvertiseAsync(MdnsDiscovery discovery, Uri endPoint, CancellationToken cancellationToken)
    {
        var pulse = new NodeAnnouncement
        {
            Service = NodeService.Pulse,
            Id = new NodeId(Guid.NewGuid()),
            Name = Environment.MachineName[..Math.Min(Environment.MachineName.Length, 64)],
            ProtocolVersion = SignalService.ProtocolVersion,
            EndPoints = [endPoint],
        };
        try
        {
            await discovery.AdvertiseAsync(pulse, cancellationToken);
        }
        catch (DiscoveryException missing)
        {
            await Console.Error.WriteLineAsync($"pulse: not advertised: {missing.Message}");
        }
    }

    private static void Announce(EndpointAddress address, bool json) => Console.Out.WriteLine(json
        ? JsonSerializer.Serialize(new ServeReport(address.EndPoint, address.ProcessId), ReportJson.Default.ServeReport)
        : $"serving {address.EndPoint}");
}

/// <summary>What <c>serve --json</c> prints as soon as commands can reach it.</summary>
/// <param name="EndPoint">Where it listens; the token is in the endpoint file of its store.</param>
/// <param name="ProcessId">Its process.</param>
internal sealed record ServeReport(Uri EndPoint, int ProcessId);
