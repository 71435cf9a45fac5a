using Loophole.Cluster.Links;

namespace Loophole.Bench.Links;

/// <summary>The second process: takes jobs and does each over a link of its own.</summary>
internal static class Satellite
{
    public static async Task<int> RunAsync(Carrier carrier, WaitStrategy wait, CancellationToken cancellationToken)
    {
        await using var transport = BenchTransport.Create(carrier, wait);
        await using var listener = await transport.ListenAsync(BenchTransport.EndPoint(carrier), cancellationToken);
        Console.WriteLine(listener.LocalEndPoint);
        var connection = await listener.AcceptAsync(cancellationToken) ?? throw new InvalidOperationException("Nobody connected.");
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            var job = Job.Parse(line);
            var link = await connection.AcceptAudioLinkAsync(cancellationToken) ?? throw new InvalidOperationException("No link came.");
            var peer = new Peer(link, job.Shape, isHost: false);
            await peer.OpenAsync();
            var outcome = job.Work switch
            {
                Work.Echo when job.IsAsync => await EchoAsync(peer, job),
                Work.Duplex => await DuplexRun.RunAsync(link, peer, job),
                _ => await OwnThread.RunAsync("satellite", () => job.Work == Work.Echo ? Echo(peer, job) : Sink(peer)),
            };
            await link.CompleteAsync(cancellationToken);
            await link.DisposeAsync();
            Console.WriteLine(outcome.ToLine());
        }

        await connection.DisposeAsync();
        return 0;
    }

    private static Outcome Echo(Peer peer, Job job)
    {
        var meter = Meter.Start();
        var total = job.Warmup + job.Count;
        for (var i = 0; i < total && peer.Receive(); i++)
        {
            peer.Send(job.FlushesEach);
            meter = i + 1 == job.Warmup ? Meter.Start() : meter;
        }

        return meter.Read();
    }

    private static async Task<Outcome> EchoAsync(Peer peer, Job job)
    {
        var meter = Meter.Start();
        var total = job.Warmup + job.Count;
        for (var i = 0; i < total && await peer.ReceiveAsync(); i++)
        {
            await peer.SendAsync();
            meter = i + 1 == job.Warmup ? Meter.Start() : meter;
        }

        return meter.Read();
    }

    private static Outcome Sink(Peer peer)
    {
        while (peer.Receive())
        {
        }

        return new Outcome(0, 0);
    }
}
