using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Quic.Tests;

[Collection(nameof(Alone))]
public sealed class QuicResourceTests
{
    // A block fits one packet: so each way has one read that waits, over either.
    private const int Frames = 64;
    private const int Times = 3000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(ConformanceRows.Alone), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds(string id)
    {
        Needs.Quic();
        return ConformanceRows.RunAsync(new QuicSubject(), id);
    }

    /// <summary>A stream of System.Net.Quic allocates for every read that waits. What is built on it must not add to that.</summary>
    [Fact]
    public async Task A_round_trip_allocates_no_more_than_bare_streams_do()
    {
        Needs.Quic();
        var pool = new CountingMemoryPool();
        await using var bare = await BareStream.StartAsync();
        await using var pair = await Pair.StartAsync(Quic.Transport(pool));
        var near = await Wait.For(pair.Near.OpenAudioLinkAsync(Token));
        var far = (await Wait.For(pair.Far.AcceptAudioLinkAsync(Token)))!;
        await OpenAsync(near, far, new AudioStream(1, 0, 2, Frames, 0));
        await OpenAsync(far, near, new AudioStream(2, 0, 2, Frames, 0));
        long position = 0;
        var wire = 40 + (Frames * 8);

        (long Bytes, TimeSpan Time) least = (long.MaxValue, TimeSpan.MaxValue), leastBare = least;
        for (var run = 0; run < 4; run++)
        {
            leastBare = Least(leastBare, await MeasureAsync(() => Task.Run(() => bare.PingPongAsync(wire, Times), Token)));
            least = Least(least, await MeasureAsync(() => Task.Run(() => PingPongAsync(near, far, position, Times), Token)));
            position += Times * Frames;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{wire} bytes there and back: link {least.Bytes / Times} bytes allocated, {least.Time.TotalMicroseconds / Times:0.0} us; " +
            $"bare {leastBare.Bytes / Times} bytes allocated, {leastBare.Time.TotalMicroseconds / Times:0.0} us; ratio of times {least.Time / leastBare.Time:0.00}");

        // How often a read finds bytes already there is chance: half as much again is less than one read more that waits, each way.
        Assert.InRange(least.Bytes, 0, leastBare.Bytes + (leastBare.Bytes / 2));
    }

    [Fact]
    public async Task A_hundred_connections_leave_nothing_behind()
    {
        Needs.Quic();
        var pool = new CountingMemoryPool();
        await using var transport = Quic.Transport(pool);
        await using var listener = await transport.ListenAsync(Quic.Anywhere, Token);
        var handles = 0;
        for (var i = 0; i < 120; i++)
        {
            // The first twenty warm the runtime up, which opens handles of its own.
            handles = i == 20 ? CountHandles() : handles;
            var connecting = transport.ConnectAsync(listener.LocalEndPoint, Token).AsTask();
            var far = await Wait.For(listener.AcceptAsync(Token));
            var near = await Wait.For(connecting);
            if (i % 3 == 0)
            {
                near.Abort("test");
            }

            // Either side first, or both at once.
            var first = (i % 2 == 0 ? near : far!).DisposeAsync().AsTask();
            if (i % 5 != 0)
            {
                await Wait.For(first);
            }

            await Wait.For((i % 2 == 0 ? far! : near).DisposeAsync());
            await Wait.For(first);
        }

        // Of two sockets a connection.
        await Wait.Until(() => CountHandles() <= handles + 8);
        await Wait.For(pool.WaitUntilEmptyAsync(Token));
        Assert.InRange(pool.MostOutstanding, 1, 40);
    }

    private static (long Bytes, TimeSpan Time) Least((long Bytes, TimeSpan Time) left, (long Bytes, TimeSpan Time) right) =>
        (Math.Min(left.Bytes, right.Bytes), left.Time < right.Time ? left.Time : right.Time);

    private static async Task<(long Bytes, TimeSpan Time)> MeasureAsync(Func<Task> run)
    {
        var start = TimeProvider.System.GetTimestamp();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await run();
        return (GC.GetTotalAllocatedBytes(precise: true) - before, TimeProvider.System.GetElapsedTime(start));
    }

    private static async Task OpenAsync(IAudioLink from, IAudioLink to, AudioStream stream)
    {
        from.OpenStream(stream, StreamDirection.Send);
        to.OpenStream(stream, StreamDirection.Receive);
        to.Grant(stream.Id, long.MaxValue);
        await Wait.For(to.FlushAsync(Token));
        Assert.True(await Wait.For(from.ReceiveAsync(new Counter(), Token)));
    }

    private static async Task PingPongAsync(IAudioLink near, IAudioLink far, long position, int times)
    {
        var answering = Task.Run(() => AnswerAsync(far, position, times), Token);
        var samples = new float[Frames * 2];
        samples.AsSpan().Fill(0.5f);
        var sink = new Counter();
        for (var i = 0; i < times; i++)
        {
            Assert.True(near.TrySend(1, position + (i * Frames), samples));
            await near.FlushAsync(CancellationToken.None);
            while (sink.Blocks <= i)
            {
                Assert.True(await near.ReceiveAsync(sink, CancellationToken.None));
            }
        }

        await Wait.For(answering);
    }

    private static async Task AnswerAsync(IAudioLink far, long position, int times)
    {
        var samples = new float[Frames * 2];
        samples.AsSpan().Fill(0.25f);
        var sink = new Counter();
        for (var i = 0; i < times; i++)
        {
            while (sink.Blocks <= i)
            {
                Assert.True(await far.ReceiveAsync(sink, CancellationToken.None));
            }

            Assert.True(far.TrySend(2, position + (i * Frames), samples));
            await far.FlushAsync(CancellationToken.None);
        }
    }

    private static int CountHandles() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;

    private sealed class Counter : IAudioLinkReceiver
    {
        public int Blocks { get; private set; }

        public void OnBlock(in AudioBlock block) => Blocks++;

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
