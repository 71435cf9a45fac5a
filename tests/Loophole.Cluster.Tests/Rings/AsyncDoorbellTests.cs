using Loophole.Cluster.Rings;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Rings;

[Collection(nameof(Alone))]
public sealed class AsyncDoorbellTests
{
    [Fact]
    public async Task No_ring_is_lost_when_threads_ring_and_wait_at_once()
    {
        const int Rings = 300_000;
        var bell = new AsyncDoorbell();
        var (made, seen, echoed) = (0, 0, 0);
        var waiting = Task.Run(
            async () =>
            {
                while (seen < Rings)
                {
                    // The waiter publishes what it has seen: the ringer waits for it, so one lost ring stops both.
                    Volatile.Write(ref seen, Volatile.Read(ref made));
                    if (Volatile.Read(ref made) == seen && seen < Rings)
                    {
                        await bell.WaitAsync();
                        echoed++;
                    }
                }
            },
            Wait.Token);
        var ringing = Task.Run(
            () =>
            {
                var spin = default(SpinWait);
                for (var ring = 1; ring <= Rings; ring++)
                {
                    Volatile.Write(ref made, ring);
                    bell.Ring();
                    while (ring - Volatile.Read(ref seen) > ring % 3)
                    {
                        Wait.Token.ThrowIfCancellationRequested();
                        spin.SpinOnce(sleep1Threshold: -1);
                    }

                    spin.Reset();
                }
            },
            Wait.Token);
        var both = Task.WhenAll(waiting, ringing);
        // However slow the machine is: a ring that is lost is one after which nothing moves.
        for (var before = -1; !both.IsCompleted && before != Volatile.Read(ref seen);)
        {
            before = Volatile.Read(ref seen);
            await Task.WhenAny(both, Task.Delay(Wait.Deadline, Wait.Token));
        }

        Assert.True(both.IsCompleted, $"After {made} rings {seen} were seen, the waiter having slept {echoed} times.");
        await both;
        Assert.Equal(Rings, seen);
        TestContext.Current.SendDiagnosticMessage($"{Rings} rings, {echoed} waits");
    }

    [Fact]
    public async Task Rings_before_a_wait_count_as_one()
    {
        var bell = new AsyncDoorbell();
        bell.Ring();
        bell.Ring();
        Assert.True(bell.WaitAsync().AsTask().IsCompletedSuccessfully);
        var wait = bell.WaitAsync().AsTask();
        Assert.False(wait.IsCompleted);
        bell.Ring();
        await Wait.For(wait);
    }

    [Fact]
    public void Ringing_and_waiting_allocate_nothing()
    {
        var bell = new AsyncDoorbell();
        Round(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                Take(bell.WaitAsync());
            }
        }

        void Take(ValueTask wait)
        {
            bell.Ring();
            wait.GetAwaiter().GetResult();
        }
    }
}
