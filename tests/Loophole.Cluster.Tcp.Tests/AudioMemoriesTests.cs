using Loophole.Cluster.Tcp.Sockets;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>The memory that the two ends of an audio channel take turns with.</summary>
public sealed class AudioMemoriesTests
{
    private const int Size = 4096;

    private readonly CountingMemoryPool _pool = new();

    [Fact]
    public void Ends_that_take_turns_use_one_piece()
    {
        var memories = new AudioMemories(_pool, Size, ends: 2);
        var first = memories.Take();
        memories.Give(first);
        for (var i = 0; i < 10; i++)
        {
            var piece = memories.Take();
            Assert.Same(first, piece);
            memories.Give(piece);
        }

        Assert.Equal(1, _pool.Outstanding);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void What_was_used_last_is_taken_first(int earlier, int later)
    {
        var memories = new AudioMemories(_pool, Size, ends: 2);
        AudioMemory[] pieces = [memories.Take(), memories.Take()];
        memories.Give(pieces[earlier]);
        memories.Give(pieces[later]);
        Assert.Same(pieces[later], memories.Take());
        Assert.Same(pieces[earlier], memories.Take());
    }

    [Fact]
    public void A_larger_piece_takes_the_place_of_the_one_before()
    {
        var memories = new AudioMemories(_pool, Size, ends: 2);
        var small = memories.Take();
        var large = memories.Replace(small, 4 * Size);
        small.Dispose();
        memories.Give(large);
        Assert.Same(large, memories.Take());
        Assert.True(large.Length >= 4 * Size);
        Assert.Equal(1, _pool.Outstanding);
    }

    [Fact]
    public void What_is_rented_goes_back_when_both_ends_have_left()
    {
        var memories = new AudioMemories(_pool, Size, ends: 2);
        AudioMemory[] pieces = [memories.Take(), memories.Take()];
        memories.Give(pieces[0]);
        memories.Leave();
        Assert.Equal(2, _pool.Outstanding);
        memories.Give(pieces[1]);
        memories.Leave();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public async Task Two_threads_never_hold_the_same_piece()
    {
        var memories = new AudioMemories(_pool, Size, ends: 2);
        using var together = new Barrier(2);
        var mistakes = 0;
        void Use(byte mark)
        {
            together.SignalAndWait(TestContext.Current.CancellationToken);
            for (var i = 0; i < 1_000_000; i++)
            {
                var piece = memories.Take();
                var mine = piece.Span(0, 1);
                mine[0] = mark;
                if (i % 64 == 0)
                {
                    Thread.Yield();
                }

                if (Volatile.Read(ref mine[0]) != mark)
                {
                    Interlocked.Increment(ref mistakes);
                }

                memories.Give(piece);
            }

            memories.Leave();
        }

        await Task.WhenAll(Task.Run(() => Use(1), TestContext.Current.CancellationToken), Task.Run(() => Use(2), TestContext.Current.CancellationToken));
        Assert.Equal(0, mistakes);
        Assert.Equal(0, _pool.Outstanding);
    }
}
