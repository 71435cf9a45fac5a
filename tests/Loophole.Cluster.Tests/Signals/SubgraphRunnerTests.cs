using System.Buffers;
using Loophole.Cluster.Links;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Signals;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Signals;

public sealed class SubgraphRunnerTests
{
    private const int Block = 64;
    private readonly FakeRenderers _renderers = new();

    [Fact]
    public void It_renders_only_below_the_limit_with_input_and_room()
    {
        var runner = Runner();
        Assert.Equal(RunResult.Nothing, runner.TryRun(10_000));
        runner.Begin(0, default);
        Assert.Equal(RunResult.Nothing, runner.TryRun(10_000));
        Feed(runner, 0, Block);
        Assert.Equal(RunResult.Nothing, runner.TryRun(Block - 1));
        Assert.Equal(RunResult.Rendered, runner.TryRun(Block));
        Assert.Equal((Block, Block, 1), (runner.Position, runner.Frames, runner.Blocks));
        Assert.Equal(Block, runner.Inputs[0].Ring.ReleaseFrame);

        var room = runner.Outputs[0].Ring.CapacityFrames;
        var (frame, blocks) = (Block, 1);
        for (; frame < room; frame += Block, blocks++)
        {
            Feed(runner, frame, Block);
            while (runner.TryRun(10_000_000) == RunResult.Saved)
            {
                runner.Checkpoint.Empty();
            }
        }

        Feed(runner, frame, Block);
        runner.Checkpoint.Empty();
        Assert.NotEqual(RunResult.Rendered, runner.TryRun(10_000_000));
        Assert.Equal(room, runner.Position);
        runner.Outputs[0].Ring.Release(Block);
        runner.Checkpoint.Empty();
        Assert.Contains(RunResult.Rendered, new[] { runner.TryRun(10_000_000), runner.TryRun(10_000_000) });
        runner.Dispose();
    }

    [Fact]
    public void A_due_checkpoint_is_saved_without_a_block_to_render_and_only_into_an_empty_slot()
    {
        var runner = Runner();
        runner.Begin(0, default);
        Feed(runner, 0, Block * 2);
        Assert.Equal([RunResult.Rendered, RunResult.Rendered, RunResult.Saved, RunResult.Nothing], Enumerable.Range(0, 4).Select(_ => runner.TryRun(10_000)));
        Assert.Equal(Block * 2, runner.Checkpoint.Position);
        Feed(runner, Block * 2, Block * 2);
        Assert.Equal([RunResult.Rendered, RunResult.Rendered, RunResult.Nothing], Enumerable.Range(0, 3).Select(_ => runner.TryRun(10_000)));
        runner.Checkpoint.Empty();
        Assert.Equal(RunResult.Saved, runner.TryRun(0));
        runner.Dispose();
    }

    [Fact]
    public void Checkpoints_are_two_periods_apart_at_the_most_however_slowly_they_are_taken()
    {
        var runner = Runner();
        runner.Begin(0, default);
        Feed(runner, 0, Block * 2);
        Assert.Equal([RunResult.Rendered, RunResult.Rendered, RunResult.Saved], Enumerable.Range(0, 3).Select(_ => runner.TryRun(10_000)));
        // It is due, and put off; but not for ever.
        for (var block = 2; block < 6; block++)
        {
            Feed(runner, Block * block, Block);
            Assert.Equal(RunResult.Rendered, runner.TryRun(10_000));
        }

        Feed(runner, Block * 6, Block);
        Assert.Equal(RunResult.Nothing, runner.TryRun(10_000));
        runner.Checkpoint.Empty();
        Assert.Equal([RunResult.Saved, RunResult.Rendered], Enumerable.Range(0, 2).Select(_ => runner.TryRun(10_000)));
        Assert.Equal(Block * 6, runner.Checkpoint.Position);
        runner.Dispose();
    }

    [Fact]
    public void The_end_inside_a_block_is_rendered_and_never_saved()
    {
        var runner = Runner(end: (2 * Block) + 10);
        runner.Begin(0, default);
        Feed(runner, 0, Block * 2);
        Assert.Equal([RunResult.Rendered, RunResult.Rendered, RunResult.Saved], Enumerable.Range(0, 3).Select(_ => runner.TryRun(10_000)));
        runner.Dispose();

        // A slot that is still full when the next checkpoint is due, and the render over before it is empty.
        runner = Runner(end: (4 * Block) + 10);
        runner.Begin(0, default);
        Feed(runner, 0, Block * 2);
        Assert.Equal([RunResult.Rendered, RunResult.Rendered, RunResult.Saved], Enumerable.Range(0, 3).Select(_ => runner.TryRun(10_000)));
        Feed(runner, Block * 2, Block);
        Feed(runner, Block * 3, Block);
        Assert.Equal([RunResult.Rendered, RunResult.Rendered], Enumerable.Range(0, 2).Select(_ => runner.TryRun(10_000)));
        Feed(runner, Block * 4, 10);
        Assert.Equal(RunResult.Rendered, runner.TryRun(10_000));
        runner.Checkpoint.Empty();
        Assert.Equal(RunResult.Nothing, runner.TryRun(10_000));
        runner.Dispose();
    }

    [Fact]
    public void A_failure_is_reported_once()
    {
        _renderers.FailsAtFrame = 0;
        var runner = Runner();
        runner.Begin(0, default);
        Feed(runner, 0, Block);
        Assert.Equal([RunResult.Failed, RunResult.Nothing, RunResult.Nothing], Enumerable.Range(0, 3).Select(_ => runner.TryRun(10_000)));
        Assert.Contains("failing at frame 0", runner.Failure!.Message, StringComparison.Ordinal);
        runner.Dispose();
        Assert.Equal(0, _renderers.Live);
    }

    [Fact]
    public void Events_reach_the_renderer_before_the_block_and_a_checkpoint_must_fit()
    {
        FakeRenderer? rendering = null;
        _renderers.OnRender = renderer => rendering = renderer;
        var runner = Runner();
        var play = new TransportEvent { Frame = 0, Sequence = 0, ProjectFrame = 0, IsPlaying = true };
        runner.Post(play);
        Assert.Throws<RenderException>(() => runner.Begin(Block, default));
        Assert.Throws<RenderException>(() => runner.Begin(0, new byte[3]));
        runner.Begin(0, default);
        Assert.Throws<RenderException>(() => runner.Begin(0, default));
        Feed(runner, 0, Block);
        runner.TryRun(Block);
        Assert.Equal([play], rendering!.Events);
        runner.Dispose();
    }

    [Fact]
    public void An_insert_renders_what_has_come_and_saves_where_the_grid_is()
    {
        var runner = Runner(isInsert: true);
        runner.Begin(0, default);
        var ran = new List<(RunResult, long)>();
        foreach (var frames in new[] { 10, 50, 3, 100, 93 })
        {
            Feed(runner, runner.Inputs[0].Ring.WriteFrame, frames);
            for (var result = runner.TryRun(10_000); result != RunResult.Nothing; result = runner.TryRun(10_000))
            {
                ran.Add((result, runner.Position));
                runner.Checkpoint.Empty();
            }
        }

        Assert.Equal(
            [
                (RunResult.Rendered, 10), (RunResult.Rendered, 60), (RunResult.Rendered, 63), (RunResult.Rendered, 64), (RunResult.Rendered, 128), (RunResult.Saved, 128), (RunResult.Rendered, 163),
                (RunResult.Rendered, 192), (RunResult.Rendered, 256), (RunResult.Saved, 256),
            ],
            ran);
        runner.Dispose();
    }

    [Fact]
    public void A_revision_replaces_what_is_not_rendered_and_leaves_what_is()
    {
        FakeRenderer? rendering = null;
        _renderers.OnRender = renderer => rendering = renderer;
        var runner = Runner(isInsert: true);
        RenderEvent[] told = [Change(0, 1), Change(70, 2), Change(90, 3), Change(200, 4)];
        foreach (var change in told)
        {
            runner.Post(change);
        }

        runner.Begin(0, default);
        Feed(runner, 0, 80);
        runner.TryRun(10_000);
        runner.TryRun(10_000);
        Assert.Equal(80, runner.Position);
        // From before what is rendered on: what is new there is for others.
        RenderEvent[] revised = [Change(65, 5), Change(79, 6), Change(81, 7), Change(150, 8)];
        runner.Revise(60, revised);
        Feed(runner, 80, 176);
        while (runner.TryRun(10_000) != RunResult.Nothing)
        {
            runner.Checkpoint.Empty();
        }

        Assert.Equal([told[0], told[1], revised[2], revised[3]], rendering!.Events);
        runner.Dispose();

        static ParameterEvent Change(long frame, long sequence) => new() { Frame = frame, Sequence = sequence, NodeId = "n", Parameter = "p", Value = 1 };
    }

    [Fact]
    public async Task Whoever_is_turned_away_is_not_forgotten()
    {
        const int Rounds = 20_000;
        var runner = Runner(end: (long)Rounds * Block);
        runner.Begin(0, default);
        var limit = 0L;
        using var round = new Barrier(2);
        // One knows what may be rendered by now, the other may have looked just before; whoever finds the other at it leaves.
        var other = Task.Run(
            () =>
            {
                for (var done = 0; done < Rounds; done++)
                {
                    RunRound(static () => { });
                }
            },
            Wait.Token);
        for (var done = 0; done < Rounds; done++)
        {
            Feed(runner, limit, Block);
            runner.Checkpoint.Empty();
            runner.Outputs[0].Ring.Release(limit);
            RunRound(() => Volatile.Write(ref limit, limit + Block));
            Assert.Equal(limit, runner.Position);
        }

        await Wait.For(other);
        runner.Dispose();

        void RunRound(Action learn)
        {
            Assert.True(round.SignalAndWait(Wait.Deadline, Wait.Token));
            learn();
            while (runner.TryRun(Volatile.Read(ref limit)) != RunResult.Nothing)
            {
            }

            Assert.True(round.SignalAndWait(Wait.Deadline, Wait.Token));
        }
    }

    [Fact]
    public async Task Stopping_waits_for_the_block_under_way()
    {
        using var rendering = new SemaphoreSlim(0);
        using var going = new SemaphoreSlim(0);
        _renderers.OnRender = _ =>
        {
            rendering.Release();
            Assert.True(going.Wait(Wait.Deadline));
        };
        var runner = Runner();
        runner.Begin(0, default);
        Feed(runner, 0, Block);
        var running = Task.Run(() => runner.TryRun(Block), Wait.Token);
        Assert.True(await rendering.WaitAsync(Wait.Deadline, Wait.Token));
        var stopping = Task.Run(runner.Dispose, Wait.Token);
        await Wait.NotYet(stopping);
        Assert.Equal(1, _renderers.Live);
        going.Release();
        Assert.Equal(RunResult.Rendered, await Wait.For(running));
        await Wait.For(stopping);
        Assert.Equal(0, _renderers.Live);
        Assert.Equal(RunResult.Nothing, runner.TryRun(10_000));
    }

    [Fact]
    public void A_subgraph_that_was_stopped_does_not_begin()
    {
        var runner = Runner();
        runner.Dispose();
        runner.Begin(0, default);
        Assert.False(runner.HasBegun);
    }

    private SubgraphRunner Runner(long end = 1 << 20, bool isInsert = false)
    {
        var plan = new SubgraphPlan
        {
            Id = "s",
            SampleRate = 48_000,
            BlockFrames = Block,
            Inputs = [new PlanSignal(0, 1)],
            Outputs = [new PlanSignal(1, 1)],
            Steps = [new ChannelStep { Id = "channel:c", ChannelId = "c", InputSignalId = 0, Nodes = [], Output = new PlanSignal(1, 1) }],
        };
        var format = new SessionFormat(48_000, Block, end, 4 * Block, 2 * Block);
        var route = new SubgraphRoute("s", Guid.Empty, 1, 0, [new StreamRoute(0, 1, 0)], [new StreamRoute(1, 1, 1)]);
        return new SubgraphRunner(new DeployCommand(format, plan, route, isInsert), _renderers.Create(plan, new FakeMedia()), TimeProvider.System);
    }

    private static void Feed(SubgraphRunner runner, long start, int frames) =>
        runner.Inputs[0].Write(new AudioBlock(new AudioBlockHeader(0, 1, start, frames, 1), ReadOnlySequence<byte>.Empty));
}
