using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

[Collection(ProcessCollection.Name)]
public sealed class EqualityTests(EqualityFixture fixture) : IClassFixture<EqualityFixture>
{
    private static readonly Dictionary<string, string> Plain = [];

    [Fact]
    public void The_local_render_is_the_hosts_alone()
    {
        var host = Assert.Single(fixture.Local.Nodes);
        Assert.Equal("host", host.Name);
        Counts(fixture.Local, 256);
    }

    [Theory]
    [InlineData("--satellites 1", 1, 256)]
    [InlineData("--satellites 2", 2, 256)]
    [InlineData("--satellites 3", 3, 256)]
    [InlineData("--satellites 2 --block 32", 2, 32)]
    [InlineData("--satellites 2 --block 100", 2, 100)]
    [InlineData("--satellites 2 --block 509", 2, 509)]
    [InlineData("--satellites 1 --block 4096", 1, 4096)]
    [InlineData("--local --block 100", 0, 100)]
    [InlineData("--satellites 1 --workers 2", 1, 256)]
    [InlineData("--local --workers 2", 0, 256)]
    [InlineData("--satellites 2 --policy AggressiveOffload", 2, 256)]
    public async Task How_it_is_rendered_changes_no_sample(string arguments, int satellites, int blockFrames)
    {
        var outcome = await PulseProcess.RenderAsync(fixture.Folder, fixture.Project, ["--tail", "0.25", .. arguments.Split(' ')]);
        Assert.Equal(fixture.Local.Sha256, outcome.Sha256);
        Assert.Equal(1 + satellites, outcome.Nodes.Length);
        Counts(outcome, blockFrames);
        Assert.Empty(fixture.Folder.SatelliteFolders());
    }

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
        Counts(outcome, 256);
        Assert.Equal(processes, outcome.Nodes.Skip(1).Select(node => node.Pid));
        for (var satellite = 0; satellite < processes.Length; satellite++)
        {
            // A tick is 10 ms; the clock that counts them may be one late.
            var ticks = OperatingSystemProcess.ProcessorTicks(processes[satellite]) - before[satellite];
            Assert.True((ticks + 1) * 10 >= outcome.Node(processes[satellite]).RenderSeconds * 500, $"{ticks} ticks for {outcome.Node(processes[satellite]).RenderSeconds} s of rendering.");
            Assert.True(ticks > 0, $"{outcome.Nodes[satellite + 1].Name} used no processor time.");
        }
    }

    private void Counts(RenderOutcome outcome, int blockFrames)
    {
        var blocks = (fixture.EndFrames + blockFrames - 1) / blockFrames;
        Assert.Equal(0, outcome.Failovers);
        Assert.All(outcome.Nodes, node =>
        {
            Assert.Equal("", node.Lost);
            Assert.True(node.Subgraphs > 0, $"{node.Name} has no subgraph.");
            Assert.Equal(node.Subgraphs * blocks, node.Blocks);
        });
    }

    private static Dictionary<string, string> Knobs(string words) => words.Length == 0
        ? Plain
        : words.Split(' ').Select(word => word.Split('=')).ToDictionary(pair => $"DOTNET_{pair[0]}", pair => pair[1]);
}
