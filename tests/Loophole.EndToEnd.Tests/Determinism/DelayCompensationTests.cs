using Loophole.Cluster;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Timeline;
using Loophole.EndToEnd.Tests.InProcess;
using Loophole.Engine;

namespace Loophole.EndToEnd.Tests.Determinism;

/// <summary>Whatever way a sound takes, it arrives when all the others do.</summary>
[Collection(nameof(Alone))]
public sealed class DelayCompensationTests
{
    private const int Cases = 300;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_goes_many_ways_arrives_once_inserts_or_not()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("LOOPHOLE_PROPERTY_SEED"), out var given) ? given : 20_261_126;
        TestContext.Current.SendDiagnosticMessage($"{Cases} cases from seed {seed}");
        var media = new MemoryMedia();
        var sound = await ParallelPaths.AddAsync(media);
        var processors = new BuiltInProcessors();
        var render = new PlacedRender(new EngineRendererFactory(processors), media);
        RenderEvent[] events = [new TransportEvent { Frame = 0, Sequence = 0, ProjectFrame = 0, IsPlaying = true }];
        var inserts = 0;
        for (var at = seed; at < seed + Cases; at++)
        {
            var plan = new GraphPlanner(processors).PlanOffline(ParallelPaths.Create(at, sound));
            var heard = render.RenderScattered(plan, events, plan.LatencyFrames + ParallelPaths.LengthFrames, new Random(at));
            AssertIsSound(heard.AsSpan(2 * plan.LatencyFrames), $"seed {at}");
            inserts += plan.Steps.Count(step => step.Id.StartsWith("insert:", StringComparison.Ordinal));
        }

        Assert.True(inserts > 4 * Cases, $"Only {inserts} inserts.");
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task Played_with_what_is_live_and_inserts_elsewhere_it_arrives_as_it_does_offline(int seed, int satellites)
    {
        await using var cluster = await InProcessCluster.StartAsync(satellites);
        // Budgets far beyond any pause of a busy machine: what is late has other samples.
        var graph = ParallelPaths.Create(seed, await ParallelPaths.AddAsync(cluster.Media), leastInsert: ParallelPaths.SampleRate, isLive: true);
        Assert.NotEmpty(new GraphPlanner(new BuiltInProcessors()).Plan(graph).Returns);
        using var stop = new CancellationTokenSource();
        var request = new PlayRequest { Graph = graph, Device = "null", RecordPath = "x", LeadFrames = 4 * ParallelPaths.SampleRate, Policy = DistributionPolicy.AggressiveOffload };
        var result = await cluster.PlayAsync(request, new StopAt(ParallelPaths.LengthFrames + 1_000, stop), stop.Token, TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Equal((0L, 0L), (result.LateBlocks, result.LostFrames));
        Assert.Empty(Assert.NotNull(result.CallbackFaults));
        AssertIsSound(cluster.Sink.Samples, $"seed {seed}");
    }

    private static void AssertIsSound(ReadOnlySpan<float> heard, string what)
    {
        Assert.True(heard.Length >= 2 * ParallelPaths.LengthFrames, $"{what}: only {heard.Length / 2} frames");
        for (var at = 0; at < heard.Length; at++)
        {
            var due = at / 2 < ParallelPaths.LengthFrames ? ParallelPaths.Sound[at / 2] / 32_768f : 0;
            Assert.True(heard[at] == due, $"{what}: {heard[at]} at frame {at / 2}, where {due} is due");
        }
    }

    private sealed class StopAt(long frame, CancellationTokenSource stop) : IProgress<PlayProgress>
    {
        public void Report(PlayProgress value)
        {
            if (value.RenderFrame >= frame)
            {
                stop.Cancel();
            }
        }
    }
}
