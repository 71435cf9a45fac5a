using System.Buffers;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Tests;

public sealed class QuicTransportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Where_QUIC_is_missing_everything_says_what_to_install()
    {
        Assert.Equal(QuicTransport.IsSupported, QuicTransport.UnsupportedReason is null);
        Assert.SkipWhen(QuicTransport.IsSupported, "QUIC is there.");
        var missing = Assert.Throws<TransportException>(() => Quic.Transport(MemoryPool<byte>.Shared));
        Assert.Equal(QuicTransport.UnsupportedReason, missing.Message);
        Assert.IsType<PlatformNotSupportedException>(missing.InnerException);
        Assert.Contains(OperatingSystem.IsWindows() ? "Windows 11" : "libmsquic 2.2.2 or newer", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, PauseThreshold = 100_000 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, PauseThreshold = 1 << 15 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, PauseThreshold = 1 << 27 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, MaxChannels = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, MaxHalfOpen = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, ConnectTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, HelloTimeout = TimeSpan.FromHours(1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, CloseTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, IdleTimeout = TimeSpan.FromMilliseconds(999) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuicTransportOptions { Credentials = Quic.Credentials, KeepAliveInterval = TimeSpan.FromHours(1) });
    }

    [Fact]
    public async Task A_bulk_channel_that_nobody_reads_does_not_stop_control()
    {
        Needs.Quic();
        var pool = new CountingMemoryPool();
        await using (var pair = await Pair.StartAsync(Small(pool)))
        {
            var stalled = await Wait.For(pair.Near.OpenChannelAsync(ChannelPurpose.Media, Token));
            var far = await Wait.For(pair.Far.AcceptChannelAsync(Token));

            // As long as it is read it is fast, so that windows grow; then it stalls, and takes all it gets.
            var bytes = new byte[1 << 16];
            for (var i = 0; i < 200; i++)
            {
                var writing = stalled.Output.WriteAsync(bytes, Token).AsTask();
                for (var taken = 0L; taken < bytes.Length;)
                {
                    var result = await Wait.For(far!.Input.ReadAsync(Token));
                    taken += result.Buffer.Length;
                    far.Input.AdvanceTo(result.Buffer.End);
                }

                await Wait.For(writing);
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var filling = Task.Run(
                async () =>
                {
                    while (true)
                    {
                        await stalled.Output.WriteAsync(bytes, stop.Token);
                    }
                },
                Token);
            for (var i = 0; i < 300; i++)
            {
                await Wait.For(pair.Near.Control.Output.WriteAsync(bytes.AsMemory(0, 10_000), Token).AsTask());
                var result = await Wait.For(pair.Far.Control.Input.ReadAtLeastAsync(10_000, Token));
                Assert.Equal(10_000, result.Buffer.Length);
                pair.Far.Control.Input.AdvanceTo(result.Buffer.End);
            }

            Assert.False(filling.IsCompleted);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(filling));
            stalled.Abort("test");
        }

        await Wait.For(pool.WaitUntilEmptyAsync(Token));
    }

    /// <summary>MsQuic reads the network on threads of its own, so a thread in Receive is woken by another.</summary>
    [Fact]
    public async Task A_link_does_not_wait_at_the_network()
    {
        Needs.Quic();
        await using var pair = await Pair.StartAsync(Quic.Transport(MemoryPool<byte>.Shared));
        Assert.False((await Wait.For(pair.Near.OpenAudioLinkAsync(Token))).WaitsAtNetwork);
        Assert.False((await Wait.For(pair.Far.AcceptAudioLinkAsync(Token)))!.WaitsAtNetwork);
    }

    private static QuicTransport Small(MemoryPool<byte> pool) =>
        new(new QuicTransportOptions { Credentials = Quic.Credentials, Pool = pool, PauseThreshold = 1 << 16 });
}
