using System.Text.Json;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary><c>pulse nodes</c> and <c>signal --advertise</c>, on this machine's loopback interface.</summary>
public sealed class NodesTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _name = $"studio {Guid.NewGuid():N}"[..15];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_Signal_is_seen_to_come_and_to_leave()
    {
        await using var pulse = PulseProcess.Start(_folder, ["nodes", "--watch", "--json"]);
        await using var signal = await SatelliteProcess.StartAsync(_folder, _name, arguments: ["--advertise", "always"]);
        var found = await ChangeAsync(pulse, "Found");
        Assert.Equal(("Satellite", "Lan"), (found.GetProperty("role").GetString(), found.GetProperty("kind").GetString()));
        Assert.Equal(signal.EndPoints.Select(endPoint => endPoint.Authority), found.GetProperty("endPoints").EnumerateArray().Select(endPoint => new Uri(endPoint.GetString()!).Authority));

        // Whoever begins to look now finds it, too.
        var listed = await PulseProcess.RunAsync(_folder, ["nodes", "--discover", "2", "--json"]);
        Assert.Equal(0, listed.ExitCode);
        using var report = JsonDocument.Parse(Assert.Single(listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        var node = Assert.Single(report.RootElement.GetProperty("nodes").EnumerateArray(), node => node.GetProperty("name").GetString() == _name);
        Assert.Equal(found.GetProperty("id").GetString(), node.GetProperty("id").GetString());

        OperatingSystemProcess.Send(signal.Id, OperatingSystemProcess.Terminate);
        Assert.Equal(_name, (await ChangeAsync(pulse, "Gone", "Goodbye")).GetProperty("name").GetString());
        OperatingSystemProcess.Send(pulse.Id, OperatingSystemProcess.Interrupt);
        Assert.Equal(0, (await pulse.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_Signal_that_listens_on_loopback_alone_tells_nobody_unless_it_is_told_to()
    {
        await using var signal = await SatelliteProcess.StartAsync(_folder, _name);
        var listed = await PulseProcess.RunAsync(_folder, ["nodes", "--discover", "1"]);
        Assert.Equal(0, listed.ExitCode);
        Assert.DoesNotContain(_name, listed.Output, StringComparison.Ordinal);
    }

    private async Task<JsonElement> ChangeAsync(PulseProcess pulse, string change, string reason = "None")
    {
        var line = await Deadline.WaitAsync(
            pulse.Output.LineAsync(line => line.Contains($"\"change\":\"{change}\",\"reason\":\"{reason}\"", StringComparison.Ordinal) && line.Contains(_name, StringComparison.Ordinal)),
            () => $"{_name} was not seen as {change} ({reason}): {pulse.Output} {pulse.Errors}");
        return JsonDocument.Parse(line).RootElement.GetProperty("node");
    }
}
