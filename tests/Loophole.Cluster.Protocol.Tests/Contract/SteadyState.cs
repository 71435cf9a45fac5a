using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>Runs many block periods through a link and counts what the whole process allocates meanwhile.</summary>
public static class SteadyState
{
    private const int Streams = 8;
    private const int Periods = 2500;
    private const int Frames = 256;

    // What the runtime itself allocates while we look: timers, pool threads, a tiering thread; and the two ends of each run; below one byte a block.
    public const long Tolerance = 16 * 1024;

    public static int Blocks => Streams * Periods;

    public static async Task<long> MeasureAsync(Scene scene)
    {
        var (near, far) = await scene.LinkAsync(1, [.. Enumerable.Range(0, Streams).Select(i => new AudioStream(i, 0, 2, Frames, 0))]);
        await RunAsync(near, far, 0, 500);

        // The best of three: the runtime may tier a method up in one of them.
        var best = long.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(near, far, 500 + (run * Periods), Periods);
            best = Math.Min(best, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return best;
    }

    private static async Task RunAsync(IAudioLink near, IAudioLink far, int firstPeriod, int periods)
    {
        var sink = new Sink(firstPeriod, periods);
        var sending = Task.Run(() => SendAsync(near, firstPeriod, periods));
        while (sink.Taken < Streams * periods)
        {
            for (var i = 0; i < Streams; i++)
            {
                // Two periods ahead of what has been taken: the sender waits, and the receiver waits.
                far.Grant(i, (firstPeriod + (sink.Taken / Streams) + 2) * (long)Frames);
            }

            await far.FlushAsync();
            Assert.True(await far.ReceiveAsync(sink));
        }

        await Wait.For(sending);
        Assert.True(sink.IsIntact);
    }

    private static async Task SendAsync(IAudioLink near, int firstPeriod, int periods)
    {
        var samples = new float[Frames * 2];
        var sink = new Sink(0, 0);
        for (var period = firstPeriod; period < firstPeriod + periods; period++)
        {
            Array.Fill(samples, period + 1);
            for (var i = 0; i < Streams; i++)
            {
                while (!near.TrySend(i, period * (long)Frames, samples))
                {
                    await near.FlushAsync();
                    Assert.True(await near.ReceiveAsync(sink));
                }
            }

            await near.FlushAsync();
        }
    }

    private sealed class Sink(int firstPeriod, int periods) : IAudioLinkReceiver
    {
        private readonly float[] _samples = new float[Frames * 2];

        public int Taken { get; private set; }

        public bool IsIntact { get; private set; } = true;

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
