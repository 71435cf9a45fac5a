namespace Loophole.Bench.Links;

/// <summary>One way, as much as goes.</summary>
internal static class BulkRun
{
    /// <summary>Blocks of 64 KiB, flushed by the mebibyte, as work ahead of the playhead is.</summary>
    public static Shape Shape { get; } = new(32, 8192);

    private static long PeriodBytes => (long)Shape.Channels * Shape.Frames * sizeof(float);

    /// <returns>MiB a second.</returns>
    public static async Task<double> RunAsync(SatelliteProcess satellite, int warmup, int mebibytes)
    {
        var link = await satellite.BeginAsync(new Job(Work.Sink, Shape));
        var peer = new Peer(link, Shape, isHost: true);
        await peer.OpenAsync();
        await peer.BeginAsync();
        var periods = (mebibytes << 20) / PeriodBytes;
        var begin = await OwnThread.RunAsync("bulk", () =>
        {
            for (var i = 0L; i < (warmup << 20) / PeriodBytes; i++)
            {
                peer.Send(flushesEach: false);
            }

            var now = BenchClock.Now;
            for (var i = 0L; i < periods; i++)
            {
                peer.Send(flushesEach: false);
            }

            return now;
        });
        await link.CompleteAsync();
        while (await link.ReceiveAsync(peer))
        {
        }

        var seconds = (BenchClock.Now - begin) / 1e9;
        await satellite.EndAsync();
        await link.DisposeAsync();
        return periods * PeriodBytes / 1048576.0 / seconds;
    }
}
