using Loophole.Cluster.Signals;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Signals;

[Collection(nameof(Alone))]
public sealed class RenderWorkersAllocationTests
{
    [Fact]
    public async Task The_first_sleep_of_a_worker_allocates_nothing()
    {
        // Every other one is rung as soon as it is there, which may be before its thread has run at all. A round in which a collection begins, which on a machine that is short
        // of memory is nearly each, may count what is left of the thread's room; what the worker allocates itself comes every time.
        var least = new[] { long.MaxValue, long.MaxValue };
        for (var round = 0; round < 100; round++)
        {
            var pauses = GC.GetTotalPauseDuration();
            var allocated = await AllocatedFromFirstCallToFirstWaking(isRungAtOnce: round % 2 == 1);
            Assert.True(allocated == 0 || GC.GetTotalPauseDuration() > pauses, $"{allocated} bytes in round {round}");
            least[round % 2] = Math.Min(least[round % 2], allocated);
        }

        Assert.Equal([0, 0], least);
    }

    private static async Task<long> AllocatedFromFirstCallToFirstWaking(bool isRungAtOnce)
    {
        Thread? worker = null;
        var (calls, first, last) = (0, 0L, 0L);
        using var workers = new RenderWorkers(1, "test", () =>
        {
            worker = Thread.CurrentThread;
            Volatile.Write(ref last, GC.GetAllocatedBytesForCurrentThread());
            first = calls == 0 ? last : first;
            Volatile.Write(ref calls, calls + 1);
            return false;
        });
        if (isRungAtOnce)
        {
            workers.Ring();
        }

        await Wait.Until(() => Volatile.Read(ref calls) >= 2 && worker!.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "a worker asleep");
        var before = Volatile.Read(ref calls);
        workers.Ring();
        await Wait.Until(() => Volatile.Read(ref calls) > before, "a worker woken");
        return Volatile.Read(ref last) - first;
    }
}
