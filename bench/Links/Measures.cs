using System.Globalization;
using Loophole.Cluster.Links;
using Loophole.Cluster.Quic;

namespace Loophole.Bench.Links;

/// <summary>Runs the measures and says what they came to.</summary>
internal sealed class Measures(Floor floor, Plan plan, IReadOnlyList<Shape> shapes, IReadOnlyList<Kind> kinds) : IAsyncDisposable
{
    private static readonly Kind Adaptive = new("Adaptive", Carrier.Tcp, WaitStrategy.Adaptive);
    private static readonly Kind LowLatency = new("LowLatency", Carrier.Tcp, WaitStrategy.LowLatency);
    private static readonly Kind Tls = new("Adaptive over TLS", Carrier.Tls, WaitStrategy.Adaptive);

    public static readonly IReadOnlyList<Kind> Kinds =
    [
        Adaptive,
        LowLatency,
        Tls,
        new("Block", Carrier.Tcp, WaitStrategy.Block),
        new("ReceiveAsync", Carrier.Tcp, WaitStrategy.Adaptive, IsAsync: true),
        .. QuicTransport.IsSupported
            ? (Kind[])[new("QUIC", Carrier.Quic, WaitStrategy.Adaptive), new("QUIC, ReceiveAsync", Carrier.Quic, WaitStrategy.Adaptive, IsAsync: true)]
            : [],
        new("Adaptive, a write per channel", Carrier.Tcp, WaitStrategy.Adaptive, FlushesEach: true),
    ];

    private readonly Dictionary<(Carrier, WaitStrategy), SatelliteProcess> _satellites = [];

    public static IReadOnlyList<string> Names { get; } = ["exchange", "bulk", "duplex"];

    public IAsyncEnumerable<Row> RunAsync(string measure) => measure switch
    {
        "exchange" => ExchangeAsync(),
        "bulk" => BulkAsync(),
        _ => DuplexAsync(),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var satellite in _satellites.Values)
        {
            await satellite.DisposeAsync();
        }
    }

    private async IAsyncEnumerable<Row> ExchangeAsync()
    {
        foreach (var shape in shapes)
        {
            foreach (var isPaced in (bool[])[false, true])
            {
                var (warmup, count) = (plan.Warmup(isPaced), plan.Count(shape, isPaced));
                List<ExchangeResult> blocking = [], spinning = [], bareSocket = [], bareQuic = [];
                var ours = kinds.ToDictionary(kind => kind, _ => new List<ExchangeResult>());
                for (var round = 0; round < plan.Rounds; round++)
                {
                    blocking.Add(await floor.ExchangeAsync(false, shape, isPaced, warmup, count));
                    spinning.Add(await floor.ExchangeAsync(true, shape, isPaced, warmup, count));
                    bareSocket.Add(await BareSocket.ExchangeAsync(shape, isPaced, warmup, count));
                    if (QuicTransport.IsSupported && kinds.Any(kind => kind.Carrier == Carrier.Quic))
                    {
                        bareQuic.Add(await BareQuic.ExchangeAsync(shape, isPaced, warmup, count));
                    }

                    foreach (var (kind, results) in ours)
                    {
                        results.Add(await ExchangeRun.RunAsync(await GetAsync(kind), kind, shape, isPaced, warmup, count));
                    }
                }

                foreach (var row in Report(shape, isPaced, blocking, spinning, bareSocket, bareQuic, ours))
                {
                    yield return row;
                }
            }
        }
    }

    private static IEnumerable<Row> Report(
        Shape shape, bool isPaced, List<ExchangeResult> blocking, List<ExchangeResult> spinning, List<ExchangeResult> bareSocket, List<ExchangeResult> bareQuic, Dictionary<Kind, List<ExchangeResult>> ours)
    {
        var (size, pace) = (shape.ToString(), isPaced ? "paced" : "back to back");
        yield return Row.Of($"C blocking, {pace}", size, "µs", blocking.Select(r => r.Median));
        yield return Row.Of($"C spinning, {pace}", size, "µs", spinning.Select(r => r.Median));
        yield return Row.Of($"C#, the floor's loop : C blocking, {pace}", size, "×", bareSocket.Zip(blocking, (bare, c) => bare.Median / c.Median));
        if (bareQuic.Count > 0)
        {
            yield return Row.Of($"bare QuicStream, {pace}", size, "µs", bareQuic.Select(r => r.Median));
        }

        foreach (var (kind, results) in ours)
        {
            yield return Row.Of($"{kind.Name}, {pace}", size, "µs", results.Select(r => r.Median));
            var (reference, against) = kind.Carrier == Carrier.Quic ? (bareQuic, "bare QuicStream") : kind == LowLatency ? (spinning, "C spinning") : (blocking, "C blocking");
            var ratio = Row.Of($"{kind.Name} : {against}, {pace}", size, "×", results.Zip(reference, (own, c) => own.Median / c.Median));
            yield return kind == Adaptive ? ratio.AtMost(1.15) : kind == LowLatency ? ratio.AtMost(1.3) : kind.Carrier == Carrier.Quic ? ratio.AtMost(1.2) : ratio;
            if (isPaced)
            {
                var more = Row.Of($"{kind.Name} - C blocking, processor time, {pace}", size, "% of a core", results.Zip(blocking, (own, c) => own.Cpu - c.Cpu));
                yield return kind == Adaptive ? more.AtMost(10) : more;
            }

            if (kind == Tls && ours.TryGetValue(Adaptive, out var bare))
            {
                var added = Row.Of($"added by TLS, {pace}", size, "µs", results.Zip(bare, (tls, plain) => tls.Median - plain.Median));
                yield return shape == Shape.All[0] ? added.AtMost(20) : added;
            }

            yield return Row.Of($"{kind.Name}, allocated, {pace}", size, "bytes a block", results.Select(r => r.BytesPerBlock)) is var allocated && kind.Carrier == Carrier.Quic ? allocated : allocated.AtMost(kind.IsAsync ? 1 : 0.5);
        }
    }

    private async IAsyncEnumerable<Row> BulkAsync()
    {
        var warmup = plan.Mebibytes / 4;
        List<double> c = [], plain = [], tls = [];
        for (var round = 0; round < plan.Rounds; round++)
        {
            c.Add(await floor.BulkAsync(BulkRun.Shape, warmup, plan.Mebibytes));
            plain.Add(await BulkRun.RunAsync(await GetAsync(Adaptive), warmup, plan.Mebibytes));
            tls.Add(await BulkRun.RunAsync(await GetAsync(Tls), warmup, plan.Mebibytes));
        }

        yield return Row.Of("C, one way", "", "MiB/s", c);
        yield return Row.Of("Adaptive, one way", "", "MiB/s", plain);
        yield return Row.Of("Adaptive : C, one way", "", "×", plain.Zip(c, (own, floor) => own / floor)).AtLeast(0.8);
        yield return Row.Of("Adaptive over TLS, one way", "", "MiB/s", tls);
        yield return Row.Of("Adaptive over TLS : C, one way", "", "×", tls.Zip(c, (own, floor) => own / floor));
    }

    private async IAsyncEnumerable<Row> DuplexAsync()
    {
        var shape = Shape.All[^1];
        foreach (var kind in (Kind[])[Adaptive, Tls])
        {
            var satellite = await GetAsync(kind);
            var count = (int)(plan.DuplexSeconds * 1_000_000_000L / shape.Period);
            var job = new Job(Work.Duplex, shape, Count: count, Start: BenchClock.Now + 500_000_000);
            var link = await satellite.BeginAsync(job);
            var peer = new Peer(link, shape, isHost: true);
            await peer.OpenAsync();
            var own = await DuplexRun.RunAsync(link, peer, job);
            await link.CompleteAsync();
            var other = await satellite.EndAsync();
            await link.DisposeAsync();
            var (late, control) = (own.Late + other.Late, own.LateTimers + other.LateTimers);
            var limit = control + (3 * Math.Sqrt(control + 1));
            yield return Row.Of(
                string.Create(CultureInfo.InvariantCulture, $"{kind.Name}, duplex, late of {2 * count} periods (control timer: {control})"), shape.ToString(), "", [late]).AtMost(limit);
            yield return Row.Of(
                $"{kind.Name}, duplex, allocated", shape.ToString(), "bytes a block", [(double)(own.AllocatedBytes + other.AllocatedBytes) / (4L * count * shape.Streams)]).AtMost(0.5);
            yield return Row.Of(
                $"{kind.Name}, duplex, processor time", shape.ToString(), "% of a core", [(own.CpuNanoseconds + other.CpuNanoseconds) / (plan.DuplexSeconds * 1e7)]);
        }
    }

    private async ValueTask<SatelliteProcess> GetAsync(Kind kind)
    {
        if (!_satellites.TryGetValue((kind.Carrier, kind.Wait), out var satellite))
        {
            satellite = _satellites[(kind.Carrier, kind.Wait)] = await SatelliteProcess.StartAsync(kind.Carrier, kind.Wait);
        }

        return satellite;
    }
}
