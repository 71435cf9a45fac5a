using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Signals on machines that differ, as far as one machine can stand for them. Looks at processor time, so nothing runs beside it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MachineTests(EqualityFixture fixture) : IClassFixture<EqualityFixture>
{
    private static readonly Dictionary<string, string> Plain = [];

    [Theory]
    [InlineData("EnableHWIntrinsic=0", "", "EnableAVX2=0")]
    [InlineData("", "EnableHWIntrinsic=0", "PreferredVectorBitWidth=128")]
    [InlineData("EnableAVX2=0", "PreferredVectorBitWidth=128", "TieredCompilation=0 TieredPGO=0")]
    [InlineData("TieredCompilation=0 TieredPGO=0", "EnableAVX2=0", "")]
    [InlineData("PreferredVectorBitWidth=128", "TieredCompilation=0 TieredPGO=0", "EnableAVX2=0")]
    public async Task Machines_that_differ_change_no_sample(string host, string first, string second)
    {
        await using var one = await SatelliteProcess.StartAsync(fixture.Folder, "one", Knobs(first));
        await using var other = await SatelliteProcess.StartAsync(fixture.Folder, "other", Knobs(second));
        int[] processes = [one.Id, other.Id];
        var before = processes.Select(OperatingSystemProcess.ProcessorTicks).ToArray();

        var outcome = await PulseProcess.RenderAsync(
            fixture.Folder, fixture.Project, ["--tail", "0.25", "--nodes", $"{one.EndPoint},{other.EndPoint}", "--insecure-loopback"], Knobs(host));

        Assert.Equal(fixture.Local.Sha256, outcome.Sha256);
        fixture.Counts(outcome, 256);
        Assert.Equal(processes, outcome.Nodes.Skip(1).Select(node => node.Pid));
        for (var satellite = 0; satellite < processes.Length; satellite++)
        {
            // A tick is 10 ms; the clock that counts them may be one late.
            var ticks = OperatingSystemProcess.ProcessorTicks(processes[satellite]) - before[satellite];
            Assert.True((ticks + 1) * 10 >= outcome.Node(processes[satellite]).RenderSeconds * 500, $"{ticks} ticks for {outcome.Node(processes[satellite]).RenderSeconds} s of rendering.");
            Assert.True(ticks > 0, $"{outcome.Nodes[satellite + 1].Name} used no processor time.");
        }
    }

    private static Dictionary<string, string> Knobs(string words) => words.Length == 0
        ? Plain
        : words.Split(' ').Select(word => word.Split('=')).ToDictionary(pair => $"DOTNET_{pair[0]}", pair => pair[1]);
}
