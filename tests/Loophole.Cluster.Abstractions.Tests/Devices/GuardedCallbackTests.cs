using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Abstractions.Tests.Devices;

public sealed class GuardedCallbackTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // What blocks the callback, and what lets it go on; the other side begins first and holds what it has until the wait was seen.
    private static readonly Dictionary<string, Func<Action, (Action<Action> Other, Action Blocking)>> Ways = new()
    {
        ["an event"] = seen => Signal(seen, new AutoResetEvent(false), static bell => bell.Set(), static bell => bell.WaitOne()),
        ["a slim event"] = seen => Signal(seen, new ManualResetEventSlim(), static bell => bell.Set(), static bell => bell.Wait()),
        ["a semaphore"] = seen => Signal(seen, new SemaphoreSlim(0), static bell => bell.Release(), static bell => bell.Wait()),
        ["a task"] = seen => Signal(seen, new TaskCompletionSource(), static bell => bell.SetResult(), static bell => bell.Task.Wait()),
        ["a monitor"] = seen => Contend(seen, new object(), Monitor.Enter, Monitor.Exit),
        ["a lock"] = seen => Contend(seen, new Lock(), static gate => gate.Enter(), static gate => gate.Exit()),
    };

    public static TheoryData<string> Blocks => [.. Ways.Keys];

    [Fact]
    public void What_does_nothing_wrong_has_no_faults_and_no_allocations_either()
    {
        var calls = 0;
        var guarded = new GuardedCallback(new Act(() => calls++));
        Call(guarded);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 1_000; call++)
        {
            Call(guarded);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_001, calls);
        Assert.Empty(guarded.Faults);
    }

    [Fact]
    public void Allocated_bytes_are_counted()
    {
        object? kept = null;
        var guarded = new GuardedCallback(new Act(() => kept = new byte[100]));
        Call(guarded);
        Call(guarded);
        Assert.InRange(guarded[AudioThreadFault.AllocatedBytes], 200, 400);
        Assert.StartsWith("AllocatedBytes ", Assert.Single(guarded.Faults), StringComparison.Ordinal);
        Assert.NotNull(kept);
    }

    [Theory, MemberData(nameof(Blocks))]
    public void Whatever_blocks_is_counted(string way)
    {
        GuardedCallback guarded = null!;
        var (other, blocking) = Ways[way](() => SpinWait.SpinUntil(() => guarded[AudioThreadFault.Wait] > 0, Deadline));
        guarded = new GuardedCallback(new Act(blocking));
        using var begun = new ManualResetEventSlim();
        var thread = new Thread(() => other(begun.Set));
        thread.Start();
        Assert.True(begun.Wait(Deadline, TestContext.Current.CancellationToken));
        Call(guarded);
        Assert.True(thread.Join(Deadline));
        Assert.True(guarded[AudioThreadFault.Wait] > 0, $"It was not seen that {way} blocked.");
        Assert.Contains(guarded.Faults, fault => fault.StartsWith("Wait ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_says_that_it_must_not_be_there_is_counted_and_named_by_the_first()
    {
        var guarded = new GuardedCallback(new Act(() =>
        {
            AudioThread.Trip(AudioThreadFault.Bell, "the first");
            AudioThread.Trip(AudioThreadFault.Bell, "the second");
            AudioThread.Trip(AudioThreadFault.Log, "another");
        }));
        Call(guarded);
        Assert.Equal(["Bell 2: the first", "Log 1: another"], guarded.Faults);
    }

    [Fact]
    public void Only_what_the_callback_itself_does_is_counted()
    {
        using var inside = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var guarded = new GuardedCallback(new Act(() =>
        {
            inside.Set();
            SpinWait.SpinUntil(() => done.IsSet);
        }));
        AudioThread.Trip(AudioThreadFault.Bell, "before");
        var thread = new Thread(() => Call(guarded));
        thread.Start();
        Assert.True(inside.Wait(Deadline, TestContext.Current.CancellationToken));
        AudioThread.Trip(AudioThreadFault.Bell, "on another thread");
        done.Set();
        Assert.True(thread.Join(Deadline));
        AudioThread.Trip(AudioThreadFault.Bell, "after");
        Assert.Equal(0, guarded[AudioThreadFault.Bell]);
    }

    [Fact]
    public void What_a_callback_throws_comes_out_and_leaves_the_thread_as_it_was()
    {
        var context = SynchronizationContext.Current;
        var guarded = new GuardedCallback(new Act(() => throw new InvalidOperationException("broken")));
        Assert.Throws<InvalidOperationException>(() => Call(guarded));
        Assert.Same(context, SynchronizationContext.Current);
        AudioThread.Trip(AudioThreadFault.Bell, "after");
        Assert.Equal(0, guarded[AudioThreadFault.Bell]);
    }

    private static void Call(GuardedCallback callback)
    {
        Span<float> block = stackalloc float[16];
        callback.Process(default, default, new AudioBuffer(block, 1, 16, 16));
    }

    private static (Action<Action> Other, Action Blocking) Signal<T>(Action seen, T bell, Action<T> ring, Action<T> wait)
    {
        void Other(Action begun)
        {
            begun();
            seen();
            ring(bell);
        }

        return (Other, () => wait(bell));
    }

    private static (Action<Action> Other, Action Blocking) Contend<T>(Action seen, T gate, Action<T> enter, Action<T> exit)
    {
        void Other(Action begun)
        {
            enter(gate);
            begun();
            seen();
            exit(gate);
        }

        void Blocking()
        {
            enter(gate);
            exit(gate);
        }

        return (Other, Blocking);
    }

    private sealed class Act(Action act) : IAudioCallback
    {
        public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output) => act();
    }
}
