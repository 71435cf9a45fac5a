using System.Net;
using System.Net.Sockets;
using Loophole.Cluster;
using Loophole.Cluster.Media;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Tcp;
using Loophole.EndToEnd.Tests.Processes.Running;
using Loophole.Engine;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Satellites that will not, or are not there.</summary>
public sealed class RefusalTests(EqualityFixture fixture, ReferenceRenders references) : IClassFixture<EqualityFixture>
{
    [Fact]
    public async Task A_satellite_that_works_for_another_Pulse_is_named_and_done_without()
    {
        await using var busy = await SatelliteProcess.StartAsync(fixture.Folder, "busy one");
        await using var free = await SatelliteProcess.StartAsync(fixture.Folder, "free one");
        await using var network = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        await using var otherPulse = new RenderCoordinator(
            new RenderCoordinatorOptions(),
            network,
            new ClusterRegistry(),
            new ChannelPartitioner(),
            new BuiltInProcessors(),
            new DirectoryMediaStore(new DirectoryMediaStoreOptions { Directory = fixture.Folder.NewFolder() }));
        await otherPulse.ConnectAsync(new Uri($"tcp://{busy.EndPoint}"), TestContext.Current.CancellationToken);

        var outcome = await RenderAsync($"{busy.EndPoint},{free.EndPoint}");

        Assert.Equal(fixture.Local.Sha256, outcome.Sha256);
        Assert.Contains("busy one works for another Pulse", Assert.Single(outcome.Nodes, node => node.Name == busy.EndPoint.ToString()).Lost, StringComparison.Ordinal);
        Assert.Equal("", outcome.Node(free.Id).Lost);
        Assert.True(outcome.Node(free.Id).Blocks > 0, "The free one rendered nothing.");
    }

    [Fact]
    public async Task A_satellite_that_cannot_store_the_media_is_named_and_done_without()
    {
        await using var small = await SatelliteProcess.StartAsync(fixture.Folder, "small one", arguments: ["--cache-size", "1"]);
        await using var large = await SatelliteProcess.StartAsync(fixture.Folder, "large one");
        var (project, local, _) = await references.MediaAsync();

        var outcome = await PulseProcess.RenderAsync(fixture.Folder, project, ["--nodes", $"{small.EndPoint},{large.EndPoint}", "--insecure-loopback"]);

        Assert.Equal(local.Sha256, outcome.Sha256);
        Assert.Contains("could not store", outcome.Node(small.Id).Lost, StringComparison.Ordinal);
        Assert.Equal(0, outcome.Node(small.Id).Blocks);
        Assert.Equal("", outcome.Node(large.Id).Lost);
        Assert.True(outcome.Node(large.Id).Blocks > 0, "The large one rendered nothing.");
    }

    [Fact]
    public async Task Nobody_at_the_address_ends_the_render_before_it_begins()
    {
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Bound and not listening: nobody else gets the port, and whoever connects is refused.
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var wav = fixture.Folder.NewOutput();

        var outcome = await PulseProcess.RunAsync(fixture.Folder, ["render", fixture.Project, "--out", wav, "--nodes", $"{held.LocalEndPoint}", "--insecure-loopback"]);

        outcome.Refused(3, $"{held.LocalEndPoint}");
        Assert.Empty(TestFolder.TracesOf(wav));
    }

    [Fact]
    public async Task A_host_is_no_satellite()
    {
        await using var host = await SatelliteProcess.StartAsync(fixture.Folder, "the other host", role: "host");
        var wav = fixture.Folder.NewOutput();

        var outcome = await PulseProcess.RunAsync(fixture.Folder, ["render", fixture.Project, "--out", wav, "--nodes", $"{host.EndPoint}", "--insecure-loopback"]);

        outcome.Refused(2, "the other host", $"{host.EndPoint}");
        Assert.Empty(TestFolder.TracesOf(wav));
    }

    private Task<RenderOutcome> RenderAsync(string nodes) =>
        PulseProcess.RenderAsync(fixture.Folder, fixture.Project, ["--tail", "0.25", "--nodes", nodes, "--insecure-loopback"]);
}
