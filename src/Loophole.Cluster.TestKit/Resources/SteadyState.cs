using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Resources;

/// <summary>Runs many block periods through a link and counts what the whole process allocates meanwhile.</summary>
internal sealed class SteadyState(TransportScene scene, IAudioLink near, IAudioLink far, bool onThreads)
{
    public const int Streams = 8;
    public const int Blocks = Streams * Periods;

    // What the runtime itself allocates while we look: timers, pool threads, a tiering thread; below one byte a block.
    public const long Tolerance = 16 * 1024;

    private const int Periods = 2500;
    private const int WarmUpPeriods = 500;
    private const int TotalPeriods = WarmUpPeriods + (3 * Periods);
    private const int Frames = 256;

    public static AudioStream[] StreamTable { get; } = [.. Enumerable.Range(0, Streams).Select(i => new AudioStream(i, 0, 2, Frames, 0))];

    /// <returns>Bytes allocated in the best of three runs: the runtime may tier a method up in the others.</returns>
    public async Task<long> MeasureAsync()
    {
        // Both ends live through all runs: what a new thread needs is no part of a block's way.
        var (sink, meter) = (new Sink(), new Meter());
        var sending = onThreads ? OwnThread.RunAsync(() => SendOnThread(meter)) : Task.Run(() => SendAsync(meter));
        var taking = onThreads ? OwnThread.RunAsync(() => TakeOnThread(sink)) : Task.Run(() => TakeAsync(sink));
        await scene.Wait.For(Task.WhenAll(sending, taking), $"the run of {TotalPeriods} block periods");
        Expect.True(sink.IsIntact, "every block of the run as it was sent", "one differs");
        return meter.Best;
    }

    private async Task<bool> TakeAsync(Sink sink)
    {
        while (sink.Taken < Streams * TotalPeriods)
        {
            sink.GrantTwoPeriodsAhead(far);
            await far.FlushAsync(scene.Token);
            Expect.True(await far.ReceiveAsync(sink, scene.Token));
        }

        return true;
    }

    private async Task<bool> SendAsync(Meter meter)
    {
        var samples = new float[Frames * 2];
        var credits = new BlockCounter();
        for (var period = 0; period < TotalPeriods; period++)
        {
            meter.Pass(period);
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

        meter.Pass(TotalPeriods);
        return true;
    }

    // Two periods ahead never fill a transport, so a flush is through at once and the thread waits in Receive alone.
    private bool TakeOnThread(Sink sink)
    {
        while (sink.Taken < Streams * TotalPeriods)
        {
            sink.GrantTwoPeriodsAhead(far);
            Flush(far);
            Expect.True(far.Receive(sink, scene.Token));
        }

        return true;
    }

    private bool SendOnThread(Meter meter)
    {
        var samples = new float[Frames * 2];
        var credits = new BlockCounter();
        for (var period = 0; period < TotalPeriods; period++)
        {
            meter.Pass(period);
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

        meter.Pass(TotalPeriods);
        return true;
    }

    private void Flush(IAudioLink link)
    {
        // Not as a task: one that is waited for allocates, as often as the network happens to be slow, and it is the link that is measured.
        var flushing = link.FlushAsync(scene.Token);
        for (var spin = new SpinWait(); !flushing.IsCompleted;)
        {
            spin.SpinOnce();
        }

        flushing.GetAwaiter().GetResult();
    }

    /// <summary>Counts what the process allocates from run to run.</summary>
    private sealed class Meter
    {
        private long _before;

        public long Best { get; private set; } = long.MaxValue;

        public void Pass(int period)
        {
            if (period >= WarmUpPeriods && (period - WarmUpPeriods) % Periods == 0)
            {
                var now = GC.GetTotalAllocatedBytes(precise: true);
                Best = period == WarmUpPeriods ? Best : Math.Min(Best, now - _before);
                _before = now;
            }
        }
    }

    private sealed class Sink : IAudioLinkReceiver
    {
        private readonly float[] _samples = new float[Frames * 2];

        public int Taken { get; private set; }

        public bool IsIntact { get; private set; } = true;

        /// <summary>Grants no more than two periods, so that the sender waits, and the receiver waits.</summary>
        public void GrantTwoPeriodsAhead(IAudioLink link)
        {
            for (var i = 0; i < Streams; i++)
            {
                link.Grant(i, ((Taken / Streams) + 2) * (long)Frames);
            }
        }

        public void OnBlock(in AudioBlock block)
        {
            block.CopyTo(0, _samples);
            var period = Taken / Streams;
            IsIntact &= _samples[0] == period + 1 && _samples[^1] == period + 1;
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
