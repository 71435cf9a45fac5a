using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>What only a thread that sits in <see cref="IAudioLink.Receive"/> can show.</summary>
public static class ThreadCases
{
    private const int Streams = 8;
    private const int Frames = 256;
    private const int Periods = 1500;
    private const int Runs = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The clauses that run over a <see cref="ThreadedTransport"/>; two look at the link's own class, which that one hides.</summary>
    public static IEnumerable<string> Clauses => LinkCases.All.Keys.Except(["an old epoch is dropped by number", "a closed stream is dropped"]);

    /// <summary>A token, a disposal, an abort and a peer's end each wake a thread that waits; only the first leaves the link usable.</summary>
    public static async Task EveryEndWakes(Scene scene)
    {
        var (near, far) = await scene.LinkAsync();
        using var own = new CancellationTokenSource();
        var (waiting, seen) = await SitAsync(near, far, 1, own.Token);
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(waiting));
        Assert.Null(far.Failure);

        (waiting, seen) = await SitAsync(near, far, 2, Token);
        await Wait.For(far.DisposeAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait.For(waiting));
        Assert.Equal([2L], seen.Horizons);

        (near, far) = await scene.LinkAsync();
        (waiting, _) = await SitAsync(near, far, 1, Token);
        far.Abort("test");
        Assert.Equal(AudioLinkError.Aborted, (await Assert.ThrowsAsync<AudioLinkException>(() => Wait.For(waiting))).Error);

        (near, far) = await scene.LinkAsync();
        (waiting, _) = await SitAsync(near, far, 1, Token);
        near.Abort("test");
        Assert.Equal(AudioLinkError.PeerReset, (await Assert.ThrowsAsync<AudioLinkException>(() => Wait.For(waiting))).Error);

        (near, far) = await scene.LinkAsync();
        (waiting, _) = await SitAsync(near, far, 1, Token);
        await Wait.For(near.CompleteAsync(Token));
        Assert.False(await Wait.For(waiting));
    }

    /// <summary>Runs block periods to and fro between two threads.</summary>
    /// <returns>Bytes allocated by the whole process, in the best of three runs, and the blocks of one run.</returns>
    public static async Task<(long Bytes, int Blocks)> MeasureAsync(Scene scene)
    {
        var streams = Enumerable.Range(0, Streams).Select(i => new AudioStream(i, 0, 2, Frames, 0)).ToArray();
        var (near, far) = await scene.LinkAsync(long.MaxValue, streams);
        var back = new AudioStream(Streams, 0, 2, Frames, 0);
        far.OpenStream(back, StreamDirection.Send);
        near.OpenStream(back, StreamDirection.Receive);
        near.Grant(back.Id, long.MaxValue);
        await Wait.For(near.FlushAsync(Token));
        var best = long.MaxValue;

        // Both threads live through all runs: what a new thread needs is no part of a block's way.
        var answering = OnThread(() => Answer(far, Runs * Periods));
        await Wait.For(OnThread(() =>
        {
            for (var run = 0; run < Runs; run++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                Ask(near, run * Periods);

                // The first run compiles.
                best = run == 0 ? best : Math.Min(best, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            return true;
        }));
        await Wait.For(answering);
        return (best, Streams * Periods);
    }

    private static void Ask(IAudioLink link, int firstPeriod)
    {
        var (samples, counter) = (new float[Frames * 2], new Counter());
        for (var period = firstPeriod; period < firstPeriod + Periods; period++)
        {
            for (var i = 0; i < Streams; i++)
            {
                samples[0] = period + 1;
                Assert.True(link.TrySend(i, period * (long)Frames, samples));
            }

            Flush(link);
            while (counter.Blocks <= period - firstPeriod)
            {
                Assert.True(link.Receive(counter));
            }
        }
    }

    private static bool Answer(IAudioLink link, int periods)
    {
        var (samples, counter) = (new float[Frames * 2], new Counter());
        samples[0] = 1;
        for (var period = 0; period < periods; period++)
        {
            while (counter.Blocks < (period + 1) * Streams)
            {
                Assert.True(link.Receive(counter));
            }

            while (!link.TrySend(Streams, period * (long)Frames, samples))
            {
                Assert.True(link.Receive(counter));
            }

            Flush(link);
        }

        return true;
    }

    private static void Flush(IAudioLink link)
    {
        var flushing = link.FlushAsync(Token);
        if (!flushing.IsCompletedSuccessfully)
        {
            flushing.AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Starts a thread that receives until the link ends, and shows that it has received once.</summary>
    private static async Task<(Task<bool> Waiting, Recorder Seen)> SitAsync(IAudioLink near, IAudioLink far, long horizon, CancellationToken cancellationToken)
    {
        var recorder = new Recorder();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = OnThread(() =>
        {
            while (far.Receive(recorder, cancellationToken))
            {
                heard.TrySetResult();
            }

            return false;
        });
        near.GrantHorizon(horizon);
        await Wait.For(near.FlushAsync(Token));
        await Wait.For(heard.Task);
        return (waiting, recorder);
    }

    private static Task<bool> OnThread(Func<bool> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Counter : IAudioLinkReceiver
    {
        public int Blocks { get; private set; }

        public void OnBlock(in AudioBlock block) => Blocks++;

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
