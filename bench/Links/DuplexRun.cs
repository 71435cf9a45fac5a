using Loophole.Cluster.Links;

namespace Loophole.Bench.Links;

/// <summary>Both ends send a period whenever it is due, and count what arrives later than one period after that. A timer beside them
/// shows what the machine itself misses.</summary>
internal static class DuplexRun
{
    public static async Task<Outcome> RunAsync(IAudioLink link, Peer peer, Job job)
    {
        var period = job.Shape.Period;

        // Sends the first period, which is not judged.
        await peer.BeginAsync();
        var sending = OwnThread.RunAsync("duplex sender", () =>
        {
            for (var i = 1; i < job.Count; i++)
            {
                BenchClock.SleepUntil(job.Start + (i * period));
                peer.Send(flushesEach: false);
            }

            return true;
        });
        var control = OwnThread.RunAsync("control timer", () =>
        {
            var late = 0;
            for (var i = 1; i < job.Count; i++)
            {
                BenchClock.SleepUntil(job.Start + (i * period));
                late += BenchClock.Now - job.Start - (i * period) > period ? 1 : 0;
            }

            return late;
        });
        var receiving = OwnThread.RunAsync("duplex receiver", () =>
        {
            var late = 0;
            for (var i = 0; i < job.Count && peer.Receive(); i++)
            {
                late += i > 0 && BenchClock.Now - job.Start - (i * period) > period ? 1 : 0;
            }

            return late;
        });
        var meter = Meter.Start();
        await sending;
        var late = await receiving;
        return meter.Read() with { Late = late, LateTimers = await control };
    }
}
