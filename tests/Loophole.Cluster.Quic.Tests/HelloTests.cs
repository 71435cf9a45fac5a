using System.Net.Quic;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;
using Loophole.Tests;

#pragma warning disable CA1416 // Tests that use QUIC ask for it first.

namespace Loophole.Cluster.Quic.Tests;

/// <summary>Peers with a sound certificate that say the wrong thing, or nothing.</summary>
public sealed class HelloTests : HostileStage
{
    private static readonly Guid Secret = new([.. Enumerable.Range(0, 16).Select(i => (byte)i)]);

    public static TheoryData<string, byte[], long> BadConnections => new()
    {
        { "garbage", [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 7))], 3 },
        { "http", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8[..24].ToArray(), 3 },
        { "an early end", "LPHQ"u8.ToArray(), 3 },
        { "another version", new Hello(2, 1, Guid.Empty).ToArray(), 2 },
        { "control with a secret", new Hello(1, Secret).ToArray(), 3 },
        { "another channel first", new Hello(3).ToArray(), 3 },
        { "an unknown purpose", new Hello(8).ToArray(), 3 },
        { "bulk of nobody", new Hello(0).ToArray(), 3 },
        { "bulk with a wrong secret", new Hello(0, Secret).ToArray(), 3 },
        { "a reserved byte", [.. new Hello(1).ToArray()[..7], 1, .. new byte[16]], 3 },
    };

    public static TheoryData<string, byte[], long> BadStreams => new()
    {
        { "garbage", [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 7))], 3 },
        { "an early end", "LPHQ"u8.ToArray(), 3 },
        { "another version", new Hello(9, 3, Guid.Empty).ToArray(), 2 },
        { "a second control channel", new Hello(1).ToArray(), 3 },
        { "a secret", new Hello(3, Secret).ToArray(), 3 },
        { "an unknown purpose", new Hello(8).ToArray(), 3 },
        { "bulk on the first connection", new Hello(5).ToArray(), 3 },
        { "a second connection on the first", new Hello(0).ToArray(), 3 },
    };

    [Fact]
    public void The_dumps_in_the_documentation_are_what_the_encoder_writes()
    {
        Assert.Equal(Documentation.Bytes("quic-hello"), new Hello((byte)ChannelPurpose.Audio).ToArray());
        Assert.Equal(Documentation.Bytes("quic-answer"), new Hello((byte)ChannelPurpose.Control, Secret).ToArray());
    }

    [Theory, MemberData(nameof(BadConnections))]
    public async Task A_connection_that_starts_wrong_is_closed_with_a_code(string what, byte[] bytes, long code)
    {
        _ = what;
        await using var raw = await RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time);
        await using var stream = await RawPeer.SayAsync(raw, bytes, isAll: true);
        Assert.Equal(code, await RawPeer.EndOfAsync(raw));
        await Wait.Until(() => Log.Has($"was turned away: {(CloseCode)code}"));
    }

    [Theory, MemberData(nameof(BadStreams))]
    public async Task A_stream_that_starts_wrong_is_reset_with_a_code_and_its_connection_goes_on(string what, byte[] bytes, long code)
    {
        _ = what;
        await using var raw = await RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time);
        await using var control = await RawPeer.SayAsync(raw, new Hello(1).ToArray());
        await using var far = (await Wait.For(Listener.AcceptAsync(Token)))!;
        Assert.Equal(Credentials.Fingerprint, far.RemoteFingerprint);
        await RawPeer.HearAsync(control);
        await using (var stream = await RawPeer.SayAsync(raw, bytes, isAll: true))
        {
            Assert.Equal(code, await RawPeer.EndOfAsync(stream));
        }

        await using var good = await RawPeer.SayAsync(raw, new Hello(2).ToArray());
        await using var channel = (await Wait.For(far.AcceptChannelAsync(Token)))!;
        Assert.Equal(new Hello(2).ToArray(), await RawPeer.HearAsync(good));
        Assert.False(far.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_secret_is_good_once_and_only_for_who_was_given_it()
    {
        using var other = NodeCredentials.Create("thief", Time);
        await using var raw = await RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time);
        await using var control = await RawPeer.SayAsync(raw, new Hello(1).ToArray());
        await using var far = (await Wait.For(Listener.AcceptAsync(Token)))!;
        var secret = new Guid((await RawPeer.HearAsync(control)).AsSpan(8));
        Assert.NotEqual(Guid.Empty, secret);
        var hello = new Hello(0, secret).ToArray();
        await using (var thief = await RawPeer.DialAsync(Listener.LocalEndPoint, other, Time))
        {
            await using var stolen = await RawPeer.SayAsync(thief, hello);
            Assert.Equal((long)CloseCode.BadHello, await RawPeer.EndOfAsync(thief));
        }

        await using var bulk = await RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time);
        await using var joined = await RawPeer.SayAsync(bulk, hello);
        Assert.Equal(new Hello(0).ToArray(), await RawPeer.HearAsync(joined));
        await using (var again = await RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time))
        {
            await using var repeated = await RawPeer.SayAsync(again, hello);
            Assert.Equal((long)CloseCode.BadHello, await RawPeer.EndOfAsync(again));
        }

        await using var media = await RawPeer.SayAsync(bulk, new Hello((byte)ChannelPurpose.Media).ToArray());
        await using var channel = await Wait.For(far.AcceptChannelAsync(Token));
        Assert.Equal(ChannelPurpose.Media, channel!.Purpose);
    }

    [Fact]
    public async Task Silent_clients_neither_stall_the_listener_nor_stay()
    {
        var silent = new List<QuicConnection>();
        for (var i = 0; i < 12; i++)
        {
            silent.Add(await RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time));
        }

        foreach (var connection in silent.Take(8))
        {
            Assert.Equal((long)CloseCode.NoHello, await RawPeer.EndOfAsync(connection));
        }

        await using var halfSaid = await RawPeer.SayAsync(silent[^1], "LPH"u8.ToArray());
        var (near, far) = await ConnectAsync();
        await near.DisposeAsync();
        await far.DisposeAsync();
        await Wait.Until(() => Time.ArmedTimers >= 3);
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((long)CloseCode.NoHello, await RawPeer.EndOfAsync(silent[^1]));
        foreach (var connection in silent)
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_peer_opens_as_many_streams_as_it_may_and_a_silent_one_loses_its_place()
    {
        await using var raw = await RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time);
        await using var control = await RawPeer.SayAsync(raw, new Hello(1).ToArray());
        await using var far = (await Wait.For(Listener.AcceptAsync(Token)))!;
        await RawPeer.HearAsync(control);
        var silent = new List<QuicStream>();
        for (var i = 0; i < 3; i++)
        {
            silent.Add(await RawPeer.SayAsync(raw, [(byte)'L']));
        }

        var onceMore = RawPeer.SayAsync(raw, new Hello(2).ToArray());
        Assert.False(onceMore.IsCompleted);
        await Wait.Until(() => Time.ArmedTimers >= 3);
        Assert.False(onceMore.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(5));
        foreach (var stream in silent)
        {
            Assert.Equal((long)CloseCode.NoHello, await RawPeer.EndOfAsync(stream));
            await stream.DisposeAsync();
        }

        await using var late = await onceMore;
        Assert.NotNull(await Wait.For(far.AcceptChannelAsync(Token)));
    }

    [Fact]
    public async Task Whoever_waits_too_long_or_too_much_is_told_so()
    {
        var (near, far) = await ConnectAsync();
        var opened = new List<IClusterChannel>();
        for (var i = 0; i < 3; i++)
        {
            opened.Add(await Wait.For(near.OpenChannelAsync(ChannelPurpose.Events, Token)));
        }

        var oneMore = near.OpenChannelAsync(ChannelPurpose.Events, Token).AsTask();
        await Wait.Until(() => Time.ArmedTimers >= 1);
        Assert.False(oneMore.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(10));
        var failure = await Assert.ThrowsAsync<TransportException>(() => Wait.For(oneMore));
        Assert.Equal(TransportError.Unreachable, failure.Error);
        Assert.Contains("Events channel", failure.Message, StringComparison.Ordinal);
        await Wait.For(near.DisposeAsync());
        await Wait.For(far.DisposeAsync());
    }
}
