namespace Loophole.Bench.Links;

/// <summary>Exchanges block periods with a satellite and times each exchange.</summary>
internal static class ExchangeRun
{
    public static async Task<ExchangeResult> RunAsync(SatelliteProcess satellite, Kind kind, Shape shape, bool isPaced, int warmup, int count)
    {
        shape = kind.FlushesEach ? shape with { StreamChannels = 1 } : shape;
        var link = await satellite.BeginAsync(new Job(Work.Echo, shape, kind.IsAsync, kind.FlushesEach, warmup, count));
        var peer = new Peer(link, shape, isHost: true);
        await peer.OpenAsync();
        await peer.BeginAsync();
        await OwnThread.RunAsync("begin", peer.Receive);
        var took = new long[count];
        var period = isPaced ? shape.Period : 0;
        var (own, wall) = kind.IsAsync
            ? await ExchangeAsync(peer, period, warmup, took)
            : await OwnThread.RunAsync("host", () => Exchange(peer, kind.FlushesEach, period, warmup, took));
        await link.CompleteAsync();
        var other = await satellite.EndAsync();
        await link.DisposeAsync();
        Array.Sort(took);
        return new ExchangeResult(
            took[count / 2] / 1e3,
            took[(int)(count * 0.99)] / 1e3,
            (own.CpuNanoseconds + other.CpuNanoseconds) * 100.0 / wall,
            (double)(own.AllocatedBytes + other.AllocatedBytes) / ((long)count * shape.Streams * 2));
    }

    private static (Outcome Outcome, long Wall) Exchange(Peer peer, bool flushesEach, long period, int warmup, long[] took)
    {
        var meter = default(Meter);
        var due = BenchClock.Now + period;

        // One exchange was done already, to learn of the credit.
        for (var i = 1 - warmup; i < took.Length; i++, due += period)
        {
            if (period > 0)
            {
                BenchClock.SleepUntil(due);
            }

            meter = i == 0 ? Meter.Start() : meter;
            var start = BenchClock.Now;
            peer.Send(flushesEach);
            peer.Receive();
            if (i >= 0)
            {
                took[i] = BenchClock.Now - start;
            }
        }

        return (meter.Read(), meter.Wall);
    }

    private static async Task<(Outcome Outcome, long Wall)> ExchangeAsync(Peer peer, long period, int warmup, long[] took)
    {
        var meter = default(Meter);
        var due = BenchClock.Now + period;
        for (var i = 1 - warmup; i < took.Length; i++, due += period)
        {
            if (period > 0)
            {
                BenchClock.SleepUntil(due);
            }

            meter = i == 0 ? Meter.Start() : meter;
            var start = BenchClock.Now;
            await peer.SendAsync();
            await peer.ReceiveAsync();
            if (i >= 0)
            {
                took[i] = BenchClock.Now - start;
            }
        }

        return (meter.Read(), meter.Wall);
    }
}

/// <summary>What one run of exchanges took.</summary>
/// <param name="Median">Of one exchange, in microseconds.</param>
/// <param name="Tail">The 99th percentile, in microseconds.</param>
/// <param name="Cpu">Of both processes, in percent of a core.</param>
/// <param name="BytesPerBlock">Allocated by both processes, all threads.</param>
internal sealed record ExchangeResult(double Median, double Tail, double Cpu, double BytesPerBlock);
