using System.Globalization;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>What is played on a device is what an offline render of its log makes, bit for bit.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PlayTests(EqualityFixture fixture) : IClassFixture<EqualityFixture>
{
    // Far more than any pause of a busy machine: a block that is late has other samples, and then nothing is equal.
    private const string Lead = "8000";

    [Theory]
    [InlineData("--for", "1.5")]
    [InlineData("--for", "1.5", "--start", "0.3", "--block", "64", "--satellites", "1")]
    [InlineData("--for", "2", "--loop", "0.25-0.75", "--block", "1000", "--satellites", "2")]
    public async Task A_recording_equals_the_render_of_its_log(params string[] arguments)
    {
        var (played, rendered) = await PlayAndRenderAsync(arguments, static _ => Task.CompletedTask);
        Assert.Equal("null", played.Device);
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.NotEqual(fixture.Local.Sha256, played.Sha256);
    }

    [Fact]
    public async Task A_satellite_that_is_killed_is_not_heard()
    {
        var (played, rendered) = await PlayAndRenderAsync(["--for", "3", "--loop", "0-1", "--satellites", "2", "--policy", "aggressiveOffload"], async pulse =>
        {
            await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains("bar", StringComparison.Ordinal)), () => $"Pulse did not play: {pulse.Errors}");
            OperatingSystemProcess.Send(OperatingSystemProcess.Child(pulse.Id, "satellite 1"), OperatingSystemProcess.Kill);
        });
        Assert.Equal(rendered.Sha256, played.Sha256);
        Assert.NotEqual("", played.Nodes[1].Lost);
        Assert.True(played.Failovers > 0);
    }

    [Fact]
    public async Task An_interrupt_ends_it_in_good_order()
    {
        var (played, rendered) = await PlayAndRenderAsync(["--loop", "0-1", "--satellites", "1"], async pulse =>
        {
            await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains("bar", StringComparison.Ordinal)), () => $"Pulse did not play: {pulse.Errors}");
            OperatingSystemProcess.Send(pulse.Id, OperatingSystemProcess.Interrupt);
        });
        Assert.Equal(rendered.Sha256, played.Sha256);
    }

    [Theory]
    [InlineData("gramophone:1", "--device", "gramophone:1")]
    [InlineData("at least 256 frames", "--loop", "1-1")]
    [InlineData("FROM-TO", "--loop", "later")]
    [InlineData("--lead", "--lead", "10")]
    [InlineData("no such folder", "--record", "/no such folder/out.wav")]
    [InlineData("no such folder/heard.log", "--log", "/no such folder/heard.log")]
    public async Task What_cannot_be_played_is_named(string named, params string[] arguments)
    {
        string[] device = arguments[0] == "--device" ? [] : ["--device", "null"];
        var outcome = await PulseProcess.RunAsync(fixture.Folder, ["play", fixture.Project, "--for", "1", .. device, .. arguments]);
        outcome.Refused(2, named);
    }

    private async Task<(PlayOutcome Played, RenderOutcome Rendered)> PlayAndRenderAsync(string[] arguments, Func<PulseProcess, Task> meanwhile)
    {
        var recording = fixture.Folder.NewOutput();
        var log = Path.Combine(fixture.Folder.NewFolder(), "events.log");
        await using var pulse = PulseProcess.Start(
            fixture.Folder, ["play", fixture.Project, "--device", "null", "--lead", Lead, "--record", recording, "--log", log, "--json", .. arguments]);
        await meanwhile(pulse);
        var played = PlayOutcome.Read(await pulse.EndAsync(), recording);
        Assert.Equal((0L, 0L, 0L, 0L), (played.LateBlocks, played.MissingFrames, played.LostFrames, played.Xruns));
        var frames = played.Frames.ToString(CultureInfo.InvariantCulture);
        return (played, await PulseProcess.RenderAsync(fixture.Folder, fixture.Project, ["--local", "--frames", frames, "--events", log]));
    }
}
