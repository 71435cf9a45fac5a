using System.Text.Json;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary><c>pulse devices</c>, on whatever machine.</summary>
public sealed class DevicesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_line_of_json_has_every_kind_of_devices_and_why_one_has_none()
    {
        var outcome = await PulseProcess.RunAsync(_folder, ["devices", "--json"]);
        Assert.Equal(0, outcome.ExitCode);
        var line = Assert.Single(outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var report = JsonDocument.Parse(line);
        var hosts = report.RootElement.GetProperty("hosts").EnumerateArray().ToList();
        Assert.Equal(["jack", "portaudio", "null", "wav"], hosts.Select(host => host.GetProperty("name").GetString()));
        Assert.All(hosts, host => Assert.True(host.GetProperty("unavailable").ValueKind == JsonValueKind.String || host.GetProperty("devices").GetArrayLength() > 0, line));
        Assert.Equal("null", hosts[2].GetProperty("devices")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task People_read_the_null_device_and_nothing_of_the_libraries_own()
    {
        var outcome = await PulseProcess.RunAsync(_folder, ["devices"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("No sound, in real time", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("", outcome.Errors);
    }
}
