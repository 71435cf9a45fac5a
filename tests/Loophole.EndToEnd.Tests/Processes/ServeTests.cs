using System.Text.Json;
using Loophole.Cluster;
using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Tcp;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>A Pulse that is served: it finds a satellite, plays, and does what its commands say; what is heard is what one machine makes of it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ServeTests(TrustFixture fixture) : IClassFixture<TrustFixture>
{
    [Fact]
    public async Task A_served_Pulse_finds_gives_and_takes_back_work_while_it_plays_and_survives_a_lost_node()
    {
        var stores = fixture.Stores("pulse", "one");
        var name = $"studio {Guid.NewGuid():N}"[..15];
        var (wav, log) = (fixture.Folder.NewOutput(), fixture.Folder.At("served.events"));
        await using var one = await SatelliteProcess.StartTrustedAsync(fixture.Folder, name, stores["one"], "--join-file", fixture.KeyFile, "--advertise", "always");
        await using var pulse = PulseProcess.Start(fixture.Folder, ["serve", fixture.Project, "--device", "null", "--lead", "8000", "--record", wav, "--log", log, "--json", "--store", stores["pulse"], "--join-file", fixture.KeyFile]);
        await Deadline.WaitAsync(pulse.Output.LineAsync(line => line.Contains("endPoint", StringComparison.Ordinal)), () => $"Pulse is not served: {pulse.Errors}");
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        await using var client = await PulseClient.ConnectAsync(transport, EndpointFile.Find(stores["pulse"])!, cancellationToken: Token);

        await UntilAsync(async () => (await client.ReadStatusAsync(Token)).Candidates.Any(candidate => candidate.Name == name && candidate.Reason == "distribution is off"), "the satellite that is found");
        await CommandAsync("cluster", "on", "--policy", "aggressiveOffload");
        await UntilAsync(async () => await NodeAsync() is { Health: NodeHealth.Active }, "the satellite that joins");
        await UntilAsync(async () => (await TryStateAsync())?.AheadFrames > 0, "what is rendered ahead");
        // The same project, planned for the cluster that is there, as it is set, and as it is asked for.
        Assert.True(await UnitsOnAsync(name) > 0);
        Assert.Equal(0, await UnitsOnAsync(name, "--policy", "off"));
        await CommandAsync("transport", "play");
        await UntilAsync(async () => (await NodeAsync())?.Telemetry?.Blocks > 0, "the satellite's work");
        await CommandAsync("cluster", "take-back", name);
        await UntilAsync(async () => (await NodeAsync())?.Telemetry?.Blocks == 0, "the end of the satellite's work");
        await CommandAsync("cluster", "retry");
        await CommandAsync("transport", "seek", "0.25");
        await UntilAsync(async () => (await NodeAsync())?.Telemetry?.Blocks > 0, "the satellite's work, again");
        OperatingSystemProcess.Send(one.Id, OperatingSystemProcess.Kill);
        await UntilAsync(async () => await NodeAsync() is { Health: NodeHealth.Lost }, "the loss of the satellite");
        await CommandAsync("cluster", "off");
        Assert.Equal(DistributionPolicy.Off, (await client.ReadStatusAsync(Token)).Policy);
        await CommandAsync("transport", "pause");
        var end = await client.ReadTransportAsync(Token);
        Assert.Equal((false, 0L), (end.IsPlaying, end.LateBlocks));

        OperatingSystemProcess.Send(pulse.Id, OperatingSystemProcess.Interrupt);
        var ended = await pulse.EndAsync();
        var played = PlayOutcome.Read(ended with { Output = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1] }, wav);
        Assert.Equal((0L, 0L, 0L), (played.LateBlocks, played.MissingFrames, played.LostFrames));
        Assert.Null(EndpointFile.Find(stores["pulse"]));
        var rendered = await PulseProcess.RenderAsync(fixture.Folder, fixture.Project, ["--local", "--frames", $"{played.Frames}", "--events", log]);
        Assert.Equal(rendered.Sha256, played.Sha256);

        async Task<ClusterNode?> NodeAsync() => (await client.ReadStatusAsync(Token)).Cluster.Nodes.FirstOrDefault(node => node.Description.Name == name);

        async Task<TransportState?> TryStateAsync()
        {
            try
            {
                return await client.ReadTransportAsync(Token);
            }
            catch (ControlException early) when (early.Code == "notReady")
            {
                return null;
            }
        }

        async Task<int> UnitsOnAsync(string node, params string[] more)
        {
            var planned = await PulseProcess.RunAsync(fixture.Folder, ["plan", fixture.Project, "--json", "--store", stores["pulse"], .. more]);
            Assert.True(planned.ExitCode == 0, planned.Errors);
            using var report = JsonDocument.Parse(planned.Output);
            return report.RootElement.GetProperty("nodes").EnumerateArray().Single(one => one.GetProperty("name").GetString() == node).GetProperty("units").GetInt32();
        }

        async Task CommandAsync(params string[] what)
        {
            var done = await PulseProcess.RunAsync(fixture.Folder, [.. what, "--json", "--store", stores["pulse"]]);
            Assert.True(done.ExitCode == 0, done.Errors);
        }
    }

    [Fact]
    public async Task What_needs_a_served_Pulse_says_so_and_a_second_one_is_refused()
    {
        var stores = fixture.Stores("pulse");
        foreach (var command in (string[][])[["cluster", "retry"], ["cluster", "take-back", "studio"], ["transport", "play"]])
        {
            (await PulseProcess.RunAsync(fixture.Folder, [.. command, "--store", stores["pulse"]])).Refused(2, "pulse serve");
        }

        (await PulseProcess.RunAsync(fixture.Folder, ["serve", fixture.Project, "--log", fixture.Folder.At("no/such/folder/log"), "--store", stores["pulse"]])).Refused(2, "no such folder");
        string[] serve = ["serve", "--store", stores["pulse"]];
        await using var pulse = PulseProcess.Start(fixture.Folder, serve);
        await Deadline.WaitAsync(pulse.Output.LineAsync(line => line.StartsWith("serving ", StringComparison.Ordinal)), () => $"Pulse is not served: {pulse.Errors}");
        (await PulseProcess.RunAsync(fixture.Folder, serve)).Refused(2, $"process {pulse.Id}");
        (await PulseProcess.RunAsync(fixture.Folder, ["transport", "play", "--store", stores["pulse"]])).Refused(2, "no project");
        OperatingSystemProcess.Send(pulse.Id, OperatingSystemProcess.Interrupt);
        Assert.Equal(0, (await pulse.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_served_Pulse_says_whom_it_has_and_tells_this_machine_of_itself_until_it_ends()
    {
        var stores = fixture.Stores("pulse");
        await using var watch = PulseProcess.Start(fixture.Folder, ["nodes", "--pulses", "--watch", "--json"]);
        await using var pulse = PulseProcess.Start(fixture.Folder, ["serve", "--store", stores["pulse"]]);
        var serving = await Deadline.WaitAsync(pulse.Output.LineAsync(line => line.StartsWith("serving ", StringComparison.Ordinal)), () => $"Pulse is not served: {pulse.Errors}");
        var port = new Uri(serving["serving ".Length..]).Port;
        using var found = JsonDocument.Parse(await SeenAsync("Found"));
        Assert.Equal(SignalService.ProtocolVersion, found.RootElement.GetProperty("node").GetProperty("protocol").GetInt32());

        var asked = await PulseProcess.RunAsync(fixture.Folder, ["nodes", "--json", "--store", stores["pulse"]]);
        Assert.Equal(0, asked.ExitCode);
        using var report = JsonDocument.Parse(asked.Output);
        var host = Assert.Single(report.RootElement.GetProperty("session").EnumerateArray());
        Assert.Equal(("Host", "Active"), (host.GetProperty("role").GetString(), host.GetProperty("health").GetString()));
        Assert.Contains(host.GetProperty("name").GetString()!, (await PulseProcess.RunAsync(fixture.Folder, ["nodes", "--store", stores["pulse"]])).Output, StringComparison.Ordinal);
        // Who wants to look himself does.
        using var looked = JsonDocument.Parse((await PulseProcess.RunAsync(fixture.Folder, ["nodes", "--discover", "0.1", "--json", "--store", stores["pulse"]])).Output);
        Assert.Equal(JsonValueKind.Null, looked.RootElement.GetProperty("session").ValueKind);

        OperatingSystemProcess.Send(pulse.Id, OperatingSystemProcess.Interrupt);
        Assert.Equal(0, (await pulse.EndAsync()).ExitCode);
        await SeenAsync("Gone");
        OperatingSystemProcess.Send(watch.Id, OperatingSystemProcess.Interrupt);
        Assert.Equal(0, (await watch.EndAsync()).ExitCode);

        Task<string> SeenAsync(string change) => Deadline.WaitAsync(
            watch.Output.LineAsync(line => line.Contains($"\"change\":\"{change}\"", StringComparison.Ordinal) && line.Contains($"tcp://127.0.0.1:{port}", StringComparison.Ordinal)),
            () => $"Pulse at port {port} was not seen as {change}: {watch.Output} {watch.Errors}");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"Missing: {what}.");
            await Task.Yield();
        }
    }
}
