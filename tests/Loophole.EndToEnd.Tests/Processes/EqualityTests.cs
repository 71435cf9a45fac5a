using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

public sealed class EqualityTests(EqualityFixture fixture) : IClassFixture<EqualityFixture>
{
    [Fact]
    public void The_local_render_is_the_hosts_alone()
    {
        var host = Assert.Single(fixture.Local.Nodes);
        Assert.Equal("host", host.Name);
        fixture.Counts(fixture.Local, 256);
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
        fixture.Counts(outcome, blockFrames);
        Assert.Empty(fixture.Folder.SatelliteFolders());
    }
}
