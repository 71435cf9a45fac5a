using Loophole.Cluster.Signals;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Signals;

public sealed class RenderWorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Work_that_was_rung_for_is_always_found(int threads)
    {
        const int Pieces = 20_000;
        var (open, done) = (0, 0);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var workers = new RenderWorkers(threads, "test", () =>
        {
            var seen = Volatile.Read(ref open);
            if (seen == 0 || Interlocked.CompareExchange(ref open, seen - 1, seen) != seen)
            {
                return seen != 0;
            }

            if (Interlocked.Increment(ref done) == Pieces)
            {
                all.SetResult();
            }

            return true;
        });
        for (var piece = 0; piece < Pieces; piece++)
        {
            Interlocked.Increment(ref open);
            workers.Ring();
            if (piece % 7 == 0)
            {
                // Lets the threads fall asleep now and then: the next ring must wake them.
                await Wait.Until(() => Volatile.Read(ref open) == 0, $"piece {piece}");
            }
        }

        await Wait.For(all.Task);
    }

    [Fact]
    public async Task Disposal_waits_for_the_work_under_way()
    {
        using var working = new SemaphoreSlim(0);
        using var going = new SemaphoreSlim(0);
        var finished = false;
        var workers = new RenderWorkers(1, "test", () =>
        {
            working.Release();
            going.Wait();
            finished = true;
            return false;
        });
        Assert.True(await working.WaitAsync(Wait.Deadline, Wait.Token));
        var stopping = Task.Run(workers.Dispose, Wait.Token);
        await Wait.NotYet(stopping);
        going.Release(2);
        await Wait.For(stopping);
        Assert.True(finished);
    }
}
