using System.Collections.Concurrent;
using Loophole.Cluster.Links;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Rings;

public sealed class LinkPumpTests : IAsyncDisposable
{
    private readonly ScriptedLink _link = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<long> _toLoop = new();
    private readonly LinkPump _pump;
    private Task _loop = Task.CompletedTask;
    private int _flushes;

    public LinkPumpTests() => _pump = new LinkPump(_link, WriteAll, () => Interlocked.Increment(ref _flushes));

    [Fact]
    public void What_cannot_wait_is_flushed_by_the_thread_that_brings_it()
    {
        _pump.Send(new Source(7));
        Assert.Equal([(7L, Environment.CurrentManagedThreadId)], _link.Flushed);
    }

    [Fact]
    public async Task What_can_wait_is_flushed_by_the_loop()
    {
        Begin();
        _toLoop.Enqueue(3);
        _pump.Ring();
        await Wait.Until(() => _link.Flushed is [(3, _)], "the frame");
        await Wait.Until(() => Volatile.Read(ref _flushes) == 1, "word of the flush");
    }

    [Fact]
    public async Task A_flush_that_takes_its_time_is_left_to_the_loop_and_nobody_writes_meanwhile()
    {
        Begin();
        var flushing = _link.Flushing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pump.Send(new Source(1));
        var second = new Source(2);
        _pump.Send(second);
        _toLoop.Enqueue(3);
        _pump.Ring();
        Assert.Empty(_link.Flushed);
        Assert.False(second.IsAsked);

        _link.Flushing = null;
        flushing.SetResult();
        await Wait.Until(() => _link.Flushed.Count == 2, "both frames");
        Assert.Equal([1, 3], _link.Flushed.Select(flushed => flushed.Frame));
        Assert.Equal(0, _link.Overlaps);
    }

    [Fact]
    public async Task Many_who_write_at_once_never_overlap_and_nothing_is_left()
    {
        const int Senders = 3;
        const int Each = 2_000;
        Begin();
        var bringing = Enumerable.Range(0, Senders).Select(sender => Task.Factory.StartNew(
            () =>
            {
                for (var number = 0; number < Each; number++)
                {
                    // What is refused because somebody is at the link must come by the loop, as what it is written from does.
                    var source = new Source((sender * Each) + number);
                    _pump.Send(source);
                    if (!source.IsAsked)
                    {
                        _toLoop.Enqueue((sender * Each) + number);
                        _pump.Ring();
                    }
                }
            },
            Wait.Token,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Wait.For(Task.WhenAll([.. bringing]));
        await Wait.Until(() => _link.Flushed.Count == Senders * Each, "a frame");
        Assert.Equal(Enumerable.Range(0, Senders * Each).Select(number => (long)number), _link.Flushed.Select(flushed => flushed.Frame).Order());
        Assert.Equal(0, _link.Overlaps);
    }

    [Fact]
    public async Task What_fails_ends_the_loop_and_whoever_brings_something_later_is_not_disturbed()
    {
        Begin();
        var refusal = _link.Refusal = new AudioLinkException(AudioLinkError.PeerReset, "gone");
        _pump.Send(new Source(1));
        Assert.Same(refusal, await Assert.ThrowsAsync<AudioLinkException>(() => Wait.For(_loop)));
        var late = new Source(2);
        _pump.Send(late);
        Assert.False(late.IsAsked);
        _loop = Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _pump.Ring();
        await Wait.For(_loop);
        _ending.Dispose();
    }

    private void Begin() => _loop = Task.Run(() => _pump.RunAsync(_ending.Token));

    private bool WriteAll()
    {
        var wrote = false;
        while (_toLoop.TryDequeue(out var frame))
        {
            wrote |= _link.TrySend(0, frame, []);
        }

        return wrote;
    }

    private sealed class Source(long frame) : ILinkSource
    {
        public bool IsAsked { get; private set; }

        public bool Write(IAudioLink link, ref int budgetBytes)
        {
            IsAsked = true;
            return link.TrySend(0, frame, []);
        }
    }
}
