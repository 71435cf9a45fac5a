namespace Loophole.Cluster.TestKit.Tests;

public sealed class CountingMemoryPoolTests
{
    [Fact]
    public void What_is_rented_is_counted_in_buffers_and_bytes()
    {
        using var pool = new CountingMemoryPool();
        var small = pool.Rent();
        var large = pool.Rent(10_000);
        Assert.Equal((2, 14_096L), (pool.Outstanding, pool.OutstandingBytes));
        large.Dispose();
        large.Dispose();
        Assert.Equal((1, 4096L, 2, 14_096L), (pool.Outstanding, pool.OutstandingBytes, pool.MostOutstanding, pool.MostOutstandingBytes));
        small.Dispose();
        Assert.Equal((0, 0L), (pool.Outstanding, pool.OutstandingBytes));
    }

    [Fact]
    public void A_use_after_return_shows()
    {
        using var pool = new CountingMemoryPool();
        var lease = pool.Rent();
        var memory = lease.Memory;
        memory.Span.Fill(1);
        lease.Dispose();
        Assert.Equal(0xDB, memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => lease.Memory);
        using (pool.Rent())
        {
            Assert.Equal(0, pool.WritesAfterReturn);
        }

        memory.Span[7] = 1;
        using (pool.Rent())
        {
            Assert.Equal(1, pool.WritesAfterReturn);
        }
    }

    [Fact]
    public async Task A_wait_ends_when_the_last_buffer_is_back()
    {
        using var pool = new CountingMemoryPool();
        Assert.True(pool.WaitUntilEmptyAsync(TestContext.Current.CancellationToken).IsCompleted);
        var (first, second) = (pool.Rent(), pool.Rent());
        var waiting = pool.WaitUntilEmptyAsync(TestContext.Current.CancellationToken);
        first.Dispose();
        Assert.False(waiting.IsCompleted);
        second.Dispose();
        await waiting;
        using var own = new CancellationTokenSource();
        using var third = pool.Rent();
        var stopped = pool.WaitUntilEmptyAsync(own.Token);
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
    }

    [Fact]
    public void Sizes_are_checked()
    {
        using var pool = new CountingMemoryPool();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(-2));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(int.MaxValue));
    }

    [Fact]
    public void What_came_back_is_rented_again()
    {
        using var pool = new CountingMemoryPool();
        var first = pool.Rent(5000);
        var memory = first.Memory;
        first.Dispose();
        using var again = pool.Rent(5000);
        Assert.True(memory.Span == again.Memory.Span);
    }
}
