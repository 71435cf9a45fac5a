using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Trust;
using Loophole.EndToEnd.Tests.Processes.Projects;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>By which transport processes work with each other: what is chosen, what both have, and what is said when there is none.</summary>
public sealed class TransportTests(EqualityFixture fixture) : IClassFixture<EqualityFixture>
{
    [Theory]
    [InlineData("auto")]
    [InlineData("tcp")]
    public async Task Signals_that_Pulse_starts_work_by_tcp(string transport) => await WorkByAsync("tcp", "quic", "--transport", transport);

    [Fact]
    public async Task Signals_that_Pulse_starts_work_by_quic_alone_where_that_is_chosen()
    {
        Needs.Quic();
        await WorkByAsync("quic", "tcp", "--transport", "quic");
    }

    [Theory]
    // Whoever has both is worked with as Pulse chooses.
    [InlineData("auto", "auto", "tcp", "tcp")]
    [InlineData("auto", "tcp", "tcp", "tcp")]
    [InlineData("auto", "quic", "quic", "quic")]
    // Whoever has one is reached by it, although Pulse tries tcp first.
    [InlineData("quic", "auto", "quic", "quic")]
    [InlineData("tcp", "auto", "tcp", "tcp")]
    public async Task A_satellite_is_worked_with_by_what_both_have(string offered, string chosen, string at, string used)
    {
        Needs.Quic();
        await using var satellite = await StartAsync("one", "--transport", offered);
        Assert.Equal(offered == "auto" ? ["tcp", "quic"] : [offered], satellite.EndPoints.Select(endPoint => endPoint.Scheme));
        var place = satellite.EndPoints.Single(endPoint => endPoint.Scheme == at).Authority;

        var (outcome, errors) = await RenderAsync(place, "--transport", chosen);

        Assert.Equal(fixture.Local.Sha256, outcome.Sha256);
        Assert.Equal(("", used), (outcome.Node(satellite.Id).Lost, outcome.Node(satellite.Id).Transport));
        Assert.True(outcome.Node(satellite.Id).Blocks > 0, "It rendered nothing.");
        Assert.Contains($"Audio of node one goes by {used}", errors, StringComparison.Ordinal);
        // What the satellite itself has seen of TCP: its transport logs whoever comes that way.
        Assert.Equal(used == "tcp", satellite.Errors.ToString().Contains("[3004]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tcp", "quic")]
    [InlineData("quic", "tcp")]
    public async Task A_satellite_that_has_another_transport_than_the_chosen_one_is_refused_by_name(string offered, string chosen)
    {
        Needs.Quic();
        await using var satellite = await StartAsync("one", "--transport", offered);
        var place = satellite.EndPoints[0].Authority;

        var (outcome, _) = await RenderAsync(place, "--transport", chosen);

        Assert.Equal(fixture.Local.Sha256, outcome.Sha256);
        var refused = Assert.Single(outcome.Nodes, node => node.Name == place);
        Assert.Equal((0L, ""), (refused.Blocks, refused.Transport));
        Assert.Contains($"Only {chosen} is chosen, but the peer answers by {offered} ({offered}://{place}", refused.Lost, StringComparison.Ordinal);
        Assert.Contains($"let it offer {chosen}, or choose auto", refused.Lost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_satellite_that_is_killed_over_quic_costs_no_sample()
    {
        Needs.Quic();
        var project = fixture.Folder.At("heavy.dawproject");
        HeavyProject.WriteBare(project);
        var local = await PulseProcess.RenderAsync(fixture.Folder, project, ["--local", "--tail", "15"]);
        var wav = fixture.Folder.NewOutput();
        await using var pulse = PulseProcess.Start(
            fixture.Folder, ["render", project, "--out", wav, "--json", "--verbose", "--tail", "15", "--satellites", "2", "--lost-after", "1500", "--transport", "quic"]);
        await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains(": 20 %", StringComparison.Ordinal)), () => "The render did not begin.");
        var killed = OperatingSystemProcess.Child(pulse.Id, "satellite 1");
        OperatingSystemProcess.Send(killed, OperatingSystemProcess.Kill);

        var outcome = RenderOutcome.Read(await pulse.EndAsync(), wav);

        Assert.Equal(local.Sha256, outcome.Sha256);
        Assert.NotEqual("", outcome.Node(killed).Lost);
        Assert.True(outcome.Failovers > 0, "Nothing went on elsewhere.");
        Assert.All(outcome.Nodes, node => Assert.Equal("quic", node.Transport));
    }

    [Fact]
    public async Task A_given_port_is_that_of_every_transport()
    {
        Needs.Quic();
        int port;
        using (var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)held.LocalEndPoint!).Port;
        }

        await using var satellite = await StartAsync("one", "--listen", $"localhost:{port}");
        Assert.Equal([new Uri($"tcp://127.0.0.1:{port}"), new Uri($"quic://127.0.0.1:{port}")], satellite.EndPoints);
        foreach (var transport in new[] { "tcp", "quic" })
        {
            var (outcome, _) = await RenderAsync($"localhost:{port}", "--transport", transport);
            Assert.Equal(("", transport), (outcome.Node(satellite.Id).Lost, outcome.Node(satellite.Id).Transport));
        }
    }

    [Fact]
    public async Task A_satellite_that_listens_everywhere_is_reached_for_audio_under_the_name_that_Pulse_was_given()
    {
        Needs.Quic();
        await using var satellite = await StartAsync("one", "--listen", "0.0.0.0:0");
        var port = satellite.EndPoints.Single(endPoint => endPoint.Scheme == "quic").Port;
        var (outcome, errors) = await RenderAsync($"localhost:{port}", "--transport", "quic");
        Assert.Equal(("", "quic"), (outcome.Node(satellite.Id).Lost, outcome.Node(satellite.Id).Transport));
        Assert.Contains($"Audio of node one goes by quic, to quic://localhost:{port}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_quic_is_missing_whoever_insists_on_it_is_told_what_to_install()
    {
        Needs.NoQuic();
        var wav = fixture.Folder.NewOutput();
        foreach (var command in (string[][])[["render", fixture.Project, "--out", wav, "--satellites", "1"], ["demo", "--out", fixture.Folder.NewFolder()]])
        {
            var outcome = await PulseProcess.RunAsync(fixture.Folder, [.. command, "--json", "--transport", "quic"]);
            outcome.Refused(2, "pulse: --transport quic cannot be used here", "install", "libmsquic");
            Assert.Equal("", outcome.Output);
        }

        Assert.Empty(TestFolder.TracesOf(wav));
        await using var signal = ChildProcess.Start(Executables.Signal, ["--role", "satellite", "--listen", "127.0.0.1:0", "--ephemeral", "--transport", "quic"], fixture.Folder.Environment);
        new PulseOutcome(await signal.ExitAsync(), signal.Output.ToString(), signal.Errors.ToString()).Refused(2, "signal: --transport quic cannot be used here", "install", "libmsquic");
        Assert.Equal("", signal.Output.ToString());
    }

    [Fact]
    public async Task Nobody_has_quic_without_encryption()
    {
        var outcome = await PulseProcess.RunAsync(fixture.Folder, ["render", fixture.Project, "--out", fixture.Folder.NewOutput(), "--insecure-loopback", "--transport", "quic"]);
        outcome.Refused(2, "--insecure-loopback", "--transport quic");
        await using var signal = ChildProcess.Start(Executables.Signal, ["--role", "satellite", "--listen", "127.0.0.1:0", "--insecure-loopback", "--transport", "quic"], fixture.Folder.Environment);
        new PulseOutcome(await signal.ExitAsync(), signal.Output.ToString(), signal.Errors.ToString()).Refused(2, "--insecure-loopback", "--transport quic");
    }

    /// <summary>Two satellites that Pulse starts change no sample, and are worked with by one transport alone.</summary>
    private async Task WorkByAsync(string used, string unused, params string[] arguments)
    {
        var wav = fixture.Folder.NewOutput();
        var ended = await PulseProcess.RunAsync(
            fixture.Folder, ["render", fixture.Project, "--out", wav, "--json", "--verbose", "--tail", "0.25", "--satellites", "2", .. arguments]);
        var outcome = RenderOutcome.Read(ended, wav);
        Assert.Equal(fixture.Local.Sha256, outcome.Sha256);
        Assert.All(outcome.Nodes, node => Assert.Equal(("", used), (node.Lost, node.Transport)));
        Assert.All(outcome.Nodes, node => Assert.True(node.Blocks > 0, $"{node.Name} rendered nothing."));
        Assert.Equal(3, ended.Errors.Split($"Dialling {used}://").Length - 1);
        Assert.Equal(2, ended.Errors.Split($" goes by {used}, to {used}://").Length - 1);
        Assert.DoesNotContain($"Dialling {unused}://", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain($" goes by {unused}", ended.Errors, StringComparison.Ordinal);
    }

    private async Task<SatelliteProcess> StartAsync(string name, params string[] arguments) =>
        await SatelliteProcess.StartTrustedAsync(fixture.Folder, name, Path.Combine(fixture.Folder.NewFolder(), "store"), ["--join-file", KeyFile(), .. arguments]);

    private async Task<(RenderOutcome Outcome, string Errors)> RenderAsync(string place, params string[] arguments)
    {
        var wav = fixture.Folder.NewOutput();
        var ended = await PulseProcess.RunAsync(
            fixture.Folder,
            [
                "render", fixture.Project, "--out", wav, "--json", "--verbose", "--tail", "0.25",
                "--nodes", place, "--store", Path.Combine(fixture.Folder.NewFolder(), "store"), "--join-file", KeyFile(), .. arguments,
            ]);
        return (RenderOutcome.Read(ended, wav), ended.Errors);
    }

    private string KeyFile()
    {
        var file = fixture.Folder.At("join.key");
        if (!File.Exists(file))
        {
            JoinKey.Create().WriteTo(file);
        }

        return file;
    }
}
