using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>Both ways of using a socket, by the C library and by the runtime.</summary>
public sealed class AudioSocketTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static TheoryData<bool> Ways => AudioSocket.CanBeDirect ? [true, false] : [false];

    [Theory, MemberData(nameof(Ways))]
    public void What_was_sent_is_received_and_nothing_is_nothing(bool isDirect)
    {
        using var pair = new SocketPair();
        var (near, far) = Start(pair, isDirect);
        var buffer = new byte[16];
        Assert.Equal(-1, near.TryReceive(buffer));
        Assert.Equal(-1, near.Receive(buffer, TimeSpan.FromMicroseconds(100)));
        Assert.Equal(-1, near.Receive(buffer, AudioSocket.LongestSleep));
        Assert.Equal(3, far.TrySend([1, 2, 3]));
        Assert.Equal(3, Receive(near, buffer, AudioSocket.LongestSleep));
        Assert.Equal([1, 2, 3], buffer[..3]);
        Assert.Equal(2, far.TrySend([4, 5]));
        Assert.Equal(2, Receive(near, buffer, TimeSpan.FromMilliseconds(1)));
        Assert.Equal([4, 5], buffer[..2]);
    }

    [Theory, MemberData(nameof(Ways))]
    public void Whoever_uses_one_on_the_audio_thread_is_seen(bool isDirect)
    {
        using var pair = new SocketPair();
        var (near, far) = Start(pair, isDirect);
        foreach (var use in new Action[] { () => far.TrySend([1]), () => near.TryReceive(new byte[1]), () => near.Receive(new byte[1], TimeSpan.Zero) })
        {
            var guarded = new GuardedCallback(new Act(use));
            guarded.Process(default, default, default);
            Assert.Contains(guarded.Faults, fault => fault.StartsWith("Network ", StringComparison.Ordinal) && fault.EndsWith(": a socket", StringComparison.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_sleep_is_over_when_something_comes(bool isDirect)
    {
        using var pair = new SocketPair();
        var (near, far) = Start(pair, isDirect);
        var begun = new TaskCompletionSource();
        var received = Task.Run(
            () =>
            {
                begun.SetResult();
                return Receive(near, new byte[1], AudioSocket.LongestSleep);
            },
            TestContext.Current.CancellationToken);
        await begun.Task;
        Assert.Equal(1, far.TrySend([7]));
        Assert.Equal(1, await received.WaitAsync(Deadline, TestContext.Current.CancellationToken));
    }

    [Theory, MemberData(nameof(Ways))]
    public void An_end_is_zero_bytes_and_a_reset_is_named(bool isDirect)
    {
        using var pair = new SocketPair();
        var (near, _) = Start(pair, isDirect);
        pair.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, Receive(near, new byte[1], AudioSocket.LongestSleep));

        using var other = new SocketPair();
        (near, _) = Start(other, isDirect);
        other.Far.LingerState = new LingerOption(true, 0);
        other.Far.Dispose();
        var exception = Assert.Throws<SocketException>(() => Receive(near, new byte[1], AudioSocket.LongestSleep));
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        exception = Assert.Throws<SocketException>(() => near.TrySend([1]));
        Assert.Equal(SocketError.Shutdown, exception.SocketErrorCode);
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_full_network_takes_nothing_and_keeps_nobody(bool isDirect)
    {
        using var pair = new SocketPair();
        var (_, far) = Start(pair, isDirect);
        var bytes = new byte[1 << 20];
        var isFull = false;
        for (var i = 0; i < 1000 && !isFull; i++)
        {
            isFull = far.TrySend(bytes) == 0;
        }

        Assert.True(isFull);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Lent_to_the_runtime_it_can_be_awaited_and_still_be_slept_at(bool isDirect)
    {
        using var pair = new SocketPair();
        var (near, far) = Start(pair, isDirect);
        var buffer = new byte[1];
        var awaited = near.Lend().ReceiveAsync(buffer.AsMemory(), SocketFlags.None, TestContext.Current.CancellationToken);
        Assert.False(awaited.IsCompleted);
        Assert.Equal(1, far.TrySend([1]));
        Assert.Equal(1, await awaited.AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken));
        Assert.Equal(-1, near.Receive(buffer, AudioSocket.LongestSleep));
        Assert.Equal(1, far.TrySend([2]));
        Assert.Equal(1, Receive(near, buffer, AudioSocket.LongestSleep));
        Assert.Equal(2, buffer[0]);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Closing_the_socket_wakes_who_sleeps(bool isDirect)
    {
        using var pair = new SocketPair();
        var (near, _) = Start(pair, isDirect);
        var begun = new TaskCompletionSource();
        var sleeping = Task.Run(
            () =>
            {
                begun.SetResult();
                var buffer = new byte[1];
                while (near.Receive(buffer, AudioSocket.LongestSleep) < 0)
                {
                }
            },
            TestContext.Current.CancellationToken);
        await begun.Task;
        pair.Near.Dispose();
        var exception = await Record.ExceptionAsync(() => sleeping.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        Assert.False(exception is TimeoutException, "The sleep went on.");
    }

    private static (AudioSocket Near, AudioSocket Far) Start(SocketPair pair, bool isDirect)
    {
        var (near, far) = (new AudioSocket(pair.Near, isDirect), new AudioSocket(pair.Far, isDirect));
        near.Start();
        far.Start();
        return (near, far);
    }

    // A sleep may end early, with nothing.
    private static int Receive(AudioSocket socket, byte[] buffer, TimeSpan longest)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var count = socket.Receive(buffer, longest);
            if (count >= 0)
            {
                return count;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Deadline, "Nothing came.");
        }
    }

    private sealed class Act(Action act) : IAudioCallback
    {
        public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output) => act();
    }

    private sealed class SocketPair : IDisposable
    {
        public SocketPair()
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            Near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Near.Connect(listener.LocalEndPoint!);
            Far = listener.Accept();
        }

        public Socket Near { get; }

        public Socket Far { get; }

        public void Dispose()
        {
            Near.Dispose();
            Far.Dispose();
        }
    }
}
