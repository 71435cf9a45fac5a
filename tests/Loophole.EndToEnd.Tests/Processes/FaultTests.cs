using Loophole.EndToEnd.Tests.Processes.Faults;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

[Collection(ProcessCollection.Name)]
public sealed class FaultTests(FaultFixture fixture, ITestOutputHelper output) : IClassFixture<FaultFixture>
{
    /// <summary>LOOPHOLE_FAULT_MOMENTS asks for more.</summary>
    private static readonly int Moments = int.TryParse(Environment.GetEnvironmentVariable("LOOPHOLE_FAULT_MOMENTS"), out var moments) ? moments : 12;

    /// <summary>LOOPHOLE_FAULT_SEED asks for other moments.</summary>
    private static readonly int FirstSeed = int.TryParse(Environment.GetEnvironmentVariable("LOOPHOLE_FAULT_SEED"), out var seed) ? seed : 20_260_700;

    /// <summary>A seed for each moment, which draws the byte and the satellite; the faults take turns.</summary>
    public static TheoryData<int, string> Cases { get; } = Draw(FirstSeed, Moments);

    public static TheoryData<int, string> EarlyCases { get; } = Draw(FirstSeed + 1, 2 * Moments / 3);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_satellite_lost_at_any_moment_changes_no_sample(int seed, string fault)
    {
        var random = new Random(seed);
        var (victim, moment) = (random.Next(2), random.NextInt64(1, fixture.Bytes));
        Stage? stage = null;
        var meter = new ByteMeter(moment, () => stage!.Befall(victim, Enum.Parse<Fault>(fault)));
        await using var set = stage = await Stage.SetAsync(fixture.Folder, meter);

        var outcome = await PulseProcess.RenderAsync(fixture.Folder, fixture.Project, stage.Arguments);

        var (lost, other) = (outcome.Node(stage.Process(victim)), outcome.Node(stage.Process(1 - victim)));
        output.WriteLine($"seed {seed}: {fault} of {lost.Name} at byte {moment} of {fixture.Bytes}: \"{lost.Lost}\", {outcome.Failovers} failovers");
        Assert.Equal(fixture.Sha256, outcome.Sha256);
        Assert.Equal("", other.Lost);
        Assert.Equal("", outcome.Nodes[0].Lost);
        Assert.True(other.Blocks > 0, $"{other.Name} rendered nothing.");
        if (lost.Lost.Length == 0)
        {
            Assert.Equal(0, outcome.Failovers);
            Assert.True(lost.Blocks > 0, $"{lost.Name} is not lost, and rendered nothing.");
        }
        else
        {
            Assert.True(meter.HasFired, $"{lost.Name} was lost before anything happened to it: {lost.Lost}");
            Assert.Equal(0, lost.Blocks);
        }
    }

    [Theory]
    [MemberData(nameof(EarlyCases))]
    public async Task A_satellite_lost_before_the_render_has_begun_changes_no_sample(int seed, string fault)
    {
        var random = new Random(seed);
        var (victim, moment) = (random.Next(2), random.NextInt64(1, fixture.SetUpBytes));
        Stage? stage = null;
        var meter = new ByteMeter(moment, () => stage!.Befall(victim, Enum.Parse<Fault>(fault)));
        await using var set = stage = await Stage.SetAsync(fixture.Folder, meter);
        var wav = fixture.Folder.NewOutput();

        var ended = await PulseProcess.RunAsync(fixture.Folder, ["render", fixture.BareProject, "--out", wav, "--json", .. FaultFixture.Bare, .. stage.Arguments]);

        output.WriteLine($"seed {seed}: {fault} of {victim} at byte {moment} of {fixture.SetUpBytes}: exit code {ended.ExitCode}");
        if (ended.ExitCode == 3)
        {
            // It was not there yet when it was lost: as if there was nobody at the address.
            ended.Refused(3, stage.EndPoint(victim), "is not available");
            Assert.Empty(TestFolder.TracesOf(wav));
            return;
        }

        var outcome = RenderOutcome.Read(ended, wav);
        Assert.Equal(fixture.BareSha256, outcome.Sha256);
        Assert.NotEqual("", outcome.Node(stage.Process(victim)).Lost);
        Assert.Equal("", outcome.Node(stage.Process(1 - victim)).Lost);
        Assert.True(outcome.Node(stage.Process(1 - victim)).Blocks > 0, "The other one rendered nothing.");
    }

    [Fact]
    public async Task The_loss_of_both_satellites_leaves_the_host_with_everything()
    {
        Stage? stage = null;
        var first = new ByteMeter(fixture.Bytes * 3 / 10, () => stage!.Befall(0, Fault.Kill));
        var second = new ByteMeter(fixture.Bytes * 5 / 10, () => stage!.Befall(1, Fault.Kill));
        await using var set = stage = await Stage.SetAsync(fixture.Folder, first, second);

        var outcome = await PulseProcess.RenderAsync(fixture.Folder, fixture.Project, stage.Arguments);

        Assert.Equal(fixture.Sha256, outcome.Sha256);
        Assert.All(outcome.Nodes.Skip(1), node => Assert.NotEqual("", node.Lost));
        Assert.True(outcome.Failovers >= 2, $"{outcome.Failovers} failovers.");
        Assert.Equal("", outcome.Nodes[0].Lost);
    }

    [Fact]
    public async Task The_loss_of_the_host_ends_the_render_and_leaves_nothing()
    {
        PulseProcess? pulse = null;
        var host = 0;
        var meter = new ByteMeter(fixture.Bytes / 2, () =>
        {
            host = OperatingSystemProcess.Child(pulse!.Id, "host");
            OperatingSystemProcess.Send(host, OperatingSystemProcess.Kill);
        });
        await using var stage = await Stage.SetAsync(fixture.Folder, meter);
        var wav = fixture.Folder.NewOutput();
        await using var started = pulse = PulseProcess.Start(fixture.Folder, ["render", fixture.Project, "--out", wav, "--json", .. stage.Arguments]);

        var outcome = await pulse.EndAsync();

        outcome.Refused(3, "host", $"{host}");
        Assert.Equal("", outcome.Output);
        Assert.Empty(TestFolder.TracesOf(wav));
    }

    private static TheoryData<int, string> Draw(int firstSeed, int count)
    {
        var seeds = new Random(firstSeed);
        return [.. Enumerable.Range(0, count).Select(at => (seeds.Next(), ((Fault)(at % 4)).ToString()))];
    }
}
