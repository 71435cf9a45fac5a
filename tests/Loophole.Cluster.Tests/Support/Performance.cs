using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A performance on a <see cref="Studio"/>, whose device calls as fast as it is rendered and never faster.</summary>
internal sealed class Performance(Studio studio, RenderCoordinator coordinator) : IProgress<PlayProgress>
{
    public const int Block = 256;
    public const int Reaction = 1_024;

    private const int Lead = 8_192;

    // What happens next is told to what is live a tenth of a second ahead, each time a position is reported; one block of that is for the call after a change.
    private const int LiveLead = 4_800 - Block;

    private FakeDevices.FakeDevice _device = null!;
    private volatile PlayProgress? _last;
    private long _frame;

    public PlaybackControl Control => coordinator.Playback;

    public int Renderers => studio.Nodes.Sum(node => node.Renderers.Made);

    /// <summary>Blocks that a Signal has rendered by now, those of the callback included.</summary>
    public int BlocksOf(int node) => studio.Nodes[node].Renderers.Blocks;

    public PlayProgress Last => _last!;

    public Task UntilAheadAsync(long frames) => Wait.Until(() => _last is { } last && last.RenderFrame == _frame && last.AheadFrames >= frames && (last.InsertAheadFrames ?? long.MaxValue) >= 2 * Block, $"{frames} frames ahead, at {_last}");

    public async Task BeginAsync() => _device = await studio.Devices.Started;

    /// <summary>Lets a Signal in that was there but not connected.</summary>
    public Task JoinAsync(int node) => Wait.For(coordinator.ConnectAsync(studio.Nodes[node].EndPoint, Wait.Token));

    /// <summary>Lets every block of a Signal take so much longer, by being busy.</summary>
    public void Slow(int node, TimeSpan block) => studio.Nodes[node].Renderers.OnRender = _ =>
    {
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < block;)
        {
            Thread.SpinWait(50);
        }
    };

    public void Cut(int node) => studio.Network.Cut(studio.Nodes[node].EndPoint);

    /// <summary>Calls as fast as it is rendered, and never faster: what a change needs to be unheard stays in hand.</summary>
    public async Task PlayAsync(int blocks)
    {
        while (blocks > 0)
        {
            await UntilAheadAsync(Reaction + Block);
            var ahead = Math.Min(Math.Min(_last!.AheadFrames - Reaction, LiveLead), (_last.InsertAheadFrames ?? long.MaxValue) - Block);
            for (var there = Math.Min(blocks, ahead / Block); there > 0; there--, blocks--)
            {
                Call();
            }
        }
    }

    public async Task<T> ChangeAsync<T>(Func<PlaybackControl, Task<T>> change)
    {
        var done = await Wait.For(change(Control));
        // Changes may follow each other at once; in between it has to be known what comes, and inserts have to answer.
        await Wait.Until(() => _last is { } last && last.RenderFrame == _frame && (last.InsertAheadFrames ?? Block) >= Block, $"what comes, and what inserts answer, at {_last}");
        // Still unchanged; what is told of the frame after it was told after the change.
        Call();
        return done;
    }

    /// <summary>Any change that a user can make, to one of the Bus's nine tracks or to what plays when.</summary>
    public static Task<long> ChangeSomething(PlaybackControl control, Random random) => random.Next(5) switch
    {
        0 => control.PauseAsync(),
        1 => control.RunAsync(),
        2 => control.LocateAsync(random.Next(10_000)),
        3 => control.RepeatAsync(new LoopRegion(random.Next(2_000), 5_000 + random.Next(5_000))),
        _ => control.SetParameterAsync($"p{random.Next(9)}", "add", random.NextDouble()),
    };

    public void Report(PlayProgress value) => _last = value;

    private void Call()
    {
        _device.Call(1);
        _frame += Block;
    }

    public static PlayRequest Request(LoopRegion? loop, AudioGraph? graph = null) => new()
    {
        Graph = graph ?? RandomGraph.Bus(9),
        Device = "fake",
        DeviceBlockFrames = Block,
        RecordPath = "out.wav",
        TakePaths = (graph?.Channels ?? []).Where(channel => channel.Input is not null).ToImmutableDictionary(channel => channel.Id, channel => $"take of {channel.Id}"),
        NoteTakePaths = (graph?.Channels ?? []).Where(channel => channel.Notes is not null).ToImmutableDictionary(channel => channel.Id, channel => $"notes of {channel.Id}"),
        BlockFrames = 128,
        LeadFrames = Lead,
        MostLeadFrames = Lead,
        CheckpointFrames = 1_024,
        ReactionFrames = Reaction,
        GestureLeadFrames = 2 * Reaction,
        Loop = loop,
    };

    /// <summary>Plays, and compares what was recorded with an offline render of the log.</summary>
    /// <param name="satellites">Beside the host.</param>
    /// <param name="loop">What is repeated at first.</param>
    /// <param name="perform">Does something meanwhile.</param>
    /// <param name="graph">What is played.</param>
    /// <param name="latecomers">Satellites more, which are connected when <see cref="JoinAsync"/> says so.</param>
    /// <param name="plugins">What each Signal says of its plugins, the host first.</param>
    /// <param name="mayBeLate">Whether a block may be missing: then it is counted, and all others are as they should be.</param>
    public static async Task<PlayResult> PerformAsync(int satellites, LoopRegion? loop, Func<Performance, Task> perform, AudioGraph? graph = null, bool mayBeLate = false, int latecomers = 0, ImmutableArray<NodePlugin>?[]? plugins = null)
    {
        await using var studio = await Studio.StartAsync(satellites + latecomers, plugins: plugins);
        await using var coordinator = studio.Coordinate();
        foreach (var (endPoint, _, _) in studio.Nodes.Take(1 + satellites))
        {
            await coordinator.ConnectAsync(endPoint, Wait.Token);
        }

        using var stop = new CancellationTokenSource();
        var performance = new Performance(studio, coordinator);
        var playing = coordinator.PlayAsync(Request(loop, graph), performance, stop.Token, Wait.Token);
        await Task.WhenAny(playing, Wait.For(performance.BeginAsync())).Unwrap();
        await Task.WhenAny(playing, perform(performance)).Unwrap();
        await stop.CancelAsync();
        var result = await Wait.For(playing);
        Assert.Equal(0, result.LostFrames);
        Assert.Empty(result.CallbackFaults!.Value);
        var expected = await Studio.ReferenceAsync(Studio.Request(result.Frames, graph: graph is null ? null : WithTakes(graph, studio), events: result.Events), studio.Media);
        if (mayBeLate)
        {
            var check = HeardCheck.Of(CollectionsMarshal.AsSpan(studio.Sinks.Samples), expected, 2, Block);
            Assert.Equal((check.LateBlocks, check.MissingFrames), (result.LateBlocks, result.MissingFrames));
            return result;
        }

        Assert.Equal((0L, 0L), (result.LateBlocks, result.MissingFrames));
        Assert.Equal(expected, studio.Sinks.Samples);
        return result;
    }

    /// <summary>The same graph, hearing what was recorded in the place of the device.</summary>
    private static AudioGraph WithTakes(AudioGraph graph, Studio studio) => graph with
    {
        Channels = [.. graph.Channels.Select(channel => channel with { Input = WithTake(channel, studio), Notes = WithNotes(channel, studio) })],
    };

    private static ChannelInput? WithTake(Channel channel, Studio studio) => channel.Input is { } input && studio.Sinks.Takes.TryGetValue($"take of {channel.Id}", out var samples)
        ? input with { Take = studio.Media.Add(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(samples)).ToArray()) }
        : channel.Input;

    private static NoteInput? WithNotes(Channel channel, Studio studio) => channel.Notes is { } notes && studio.Notes.Takes.TryGetValue($"notes of {channel.Id}", out var messages)
        ? notes with { Take = [.. messages] }
        : channel.Notes;
}
