using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Distribution without a list of nodes: switched on, satellites are found, work is given to them, and what is set decides.</summary>
public sealed class ClusterTests(TrustFixture fixture) : IClassFixture<TrustFixture>
{
    [Fact]
    public async Task Once_it_is_on_a_satellite_is_found_and_works_until_it_is_excluded_or_it_is_off()
    {
        var stores = fixture.Stores("pulse", "one");
        var name = $"studio {Guid.NewGuid():N}"[..15];
        await using var one = await SatelliteProcess.StartTrustedAsync(fixture.Folder, name, stores["one"], "--join-file", fixture.KeyFile, "--advertise", "always");
        var wav = fixture.Folder.NewOutput();
        string[] render = ["render", fixture.Project, "--out", wav, "--json", "--store", stores["pulse"], "--join-file", fixture.KeyFile];

        Assert.Single((await RenderAsync()).Nodes);
        await SetAsync("on", "--policy", "aggressiveOffload");
        var found = await RenderAsync();
        Assert.True(found.Node(one.Id).Blocks > 0, "It rendered nothing.");
        await SetAsync("exclude", name);
        Assert.Equal((0L, $"{name} is excluded by the user"), Assert.Single((await RenderAsync()).Nodes.Where(node => node.Name == name).Select(node => (node.Blocks, node.Lost))));
        await SetAsync("include", name);
        await SetAsync("off");
        Assert.Single((await RenderAsync()).Nodes);

        async Task<RenderOutcome> RenderAsync()
        {
            var outcome = RenderOutcome.Read(await PulseProcess.RunAsync(fixture.Folder, render), wav);
            Assert.Equal(fixture.Sha256, outcome.Sha256);
            return outcome;
        }

        async Task SetAsync(params string[] what) =>
            Assert.Equal(0, (await PulseProcess.RunAsync(fixture.Folder, ["cluster", .. what, "--store", stores["pulse"]])).ExitCode);
    }

    [Fact]
    public async Task Settings_that_cannot_be_read_are_named_and_nothing_is_rendered()
    {
        var stores = fixture.Stores("pulse");
        Assert.Equal(0, (await PulseProcess.RunAsync(fixture.Folder, ["cluster", "on", "--store", stores["pulse"]])).ExitCode);
        var file = Path.Combine(stores["pulse"], "cluster.json");
        await File.WriteAllTextAsync(file, "{", TestContext.Current.CancellationToken);
        var wav = fixture.Folder.NewOutput();
        (await PulseProcess.RunAsync(fixture.Folder, ["render", fixture.Project, "--out", wav, "--store", stores["pulse"]])).Refused(2, file, "left as it is");
        Assert.Empty(TestFolder.TracesOf(wav));
    }
}
