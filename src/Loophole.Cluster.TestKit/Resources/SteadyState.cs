using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Resources;

/// <summary>Runs many block periods through a link and counts what the whole process allocates meanwhile.</summary>
internal sealed class SteadyState(TransportScene scene, IAudioLink near, IAudioLink far, bool onThreads)
{
    public const int Streams = 8;
    public const int Blocks = Streams * Periods;

    // What the runtime itself allocates while we look: timers, pool threads, a tiering thread; and the two ends of each run; below one byte a block.
    public const long Tolerance = 16 * 1024;

    private const int Periods = 2500;
    private const int WarmUpPeriods = 500;
    private const int Frames = 256;

    public static AudioStream[] StreamTable { get; } = [.. Enumerable.Range(0, Streams).Select(i => new AudioStream(i, 0, 2, Frames, 0))];

    /// <returns>Bytes allocated in the best of three runs: the runtime may tier a method up in the others.</returns>
    public async Task<long> MeasureAsync()
    {
        await RunAsync(0, WarmUpPeriods);
        var best = long.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(WarmUpPeriods + (run * Periods), Periods);
            best = Math.Min(best, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return best;
    }

    private async Task RunAsync(int firstPeriod, int periods)
    {
        var sink = new Sink(firstPeriod, periods);
        var sending = onThreads ? OwnThread.RunAsync(() => SendOnThread(firstPeriod, periods)) : Task.Run(() => SendAsync(firstPeriod, periods));
        var taking = onThreads ? OwnThread.RunAsync(() => TakeOnThread(sink, periods)) : Task.Run(() => TakeAsync(sink, periods));
        var both = Task.WhenAll(sending, taking);
        await scene.Wait.For(both, $"the run of {periods} block periods");
        Expect.True(sink.IsIntact, "every block of the run as it was sent", "one differs");
    }

    private async Task<bool> TakeAsync(Sink sink, int periods)
    {
        while (sink.Taken < Streams * periods)
        {
            sink.GrantTwoPeriodsAhead(far);
            await far.FlushAsync(scene.Token);
            Expect.True(await far.ReceiveAsync(sink, scene.Token));
        }

        return true;
    }

    private async Task<bool> SendAsync(int firstPeriod, int periods)
    {
        var samples = new float[Frames * 2];
        var credits = new BlockCounter();
        for (var period = firstPeriod; period < firstPeriod + periods; period++)
        {
            Array.Fill(samples, period + 1);
            for (var i = 0; i < Streams; i++)
            {
                while (!near.TrySend(i, period * (long)Frames, samples))
                {
                    await near.FlushAsync(scene.Token);
                    Expect.True(await near.ReceiveAsync(credits, scene.Token));
                }
            }

            await near.FlushAsync(scene.Token);
        }

        return true;
    }

    // Two periods ahead never fill a transport, so a flush is through at once and the thread waits in Receive alone.
    private bool TakeOnThread(Sink sink, int periods)
    {
        while (sink.Taken < Streams * periods)
        {
            sink.GrantTwoPeriodsAhead(far);
            Flush(far);
            Expect.True(far.Receive(sink, scene.Token));
        }

        return true;
    }

    private bool SendOnThread(int firstPeriod, int periods)
    {
        var samples = new float[Frames * 2];
        var credits = new BlockCounter();
        for (var period = firstPeriod; period < firstPeriod + periods; period++)
        {
            Array.Fill(samples, period + 1);
            for (var i = 0; i < Streams; i++)
            {
                while (!near.TrySend(i, period * (long)Frames, samples))
                {
                    Flush(near);
                    Expect.True(near.Receive(credits, scene.Token));
                }
            }

            Flush(near);
        }

        return true;
    }

    private void Flush(IAudioLink link)
    {
        var flushing = link.FlushAsync(scene.Token);
        if (!flushing.IsCompletedSuccessfully)
        {
            flushing.AsTask().GetAwaiter().GetResult();
        }
    }

    private sealed class Sink(int firstPeriod, int periods) : IAudioLinkReceiver
    {
        private readonly float[] _samples = new float[Frames * 2];

        public int Taken { get; private set; }

        public bool IsIntact { get; private set; } = true;

        /// <summary>Grants no more than two periods, so that the sender waits, and the receiver waits.</summary>
        public void GrantTwoPeriodsAhead(IAudioLink link)
        {
            for (var i = 0; i < Streams; i++)
            {
                link.Grant(i, (firstPeriod + (Taken / Streams) + 2) * (long)Frames);
            }
        }

        public void OnBlock(in AudioBlock block)
        {
            block.CopyTo(0, _samples);
            var period = firstPeriod + (Taken / Streams);
            IsIntact &= _samples[0] == period + 1 && _samples[^1] == period + 1 && period < firstPeriod + periods;
            Taken++;
        }

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
