using System.Security.Cryptography.X509Certificates;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Connections;
using Loophole.Cluster.Tcp.Tests.Support;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>Nobody but the peer joins a connection, and nothing overheard is of use.</summary>
public sealed class TicketTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(Security.Plain), InlineData(Security.Tls)]
    public async Task A_ticket_is_good_once(Security security)
    {
        await using var house = await House.OpenAsync(security);
        using var certificate = Certificates.Sound();
        using var control = await DialAsync(house, security, certificate);
        var key = await control.OpenControlAsync();
        await using var accepted = (await Wait.For(house.Listener.AcceptAsync(Token)))!;
        var preamble = RawClient.Join(key, 1);
        using (var first = await DialAsync(house, security, certificate))
        {
            Assert.Equal(Answer.Accepted, await first.AskAsync(preamble));
        }

        using (var second = await DialAsync(house, security, certificate))
        {
            Assert.Equal(Answer.UsedTicket, await second.AskAsync(preamble));
        }

        await house.Log.SawAsync(3001, "the ticket was used before");
        using (var next = await DialAsync(house, security, certificate))
        {
            Assert.Equal(Answer.Accepted, await next.AskAsync(RawClient.Join(key, 2)));
        }

        await accepted.DisposeAsync();
        await house.StandsAsync();
    }

    [Theory, InlineData(Security.Plain), InlineData(Security.Tls)]
    public async Task A_ticket_vouches_for_every_byte_before_it(Security security)
    {
        await using var house = await House.OpenAsync(security);
        using var certificate = Certificates.Sound();
        using var control = await DialAsync(house, security, certificate);
        var key = await control.OpenControlAsync();
        await using var accepted = (await Wait.For(house.Listener.AcceptAsync(Token)))!;

        // The purpose, the request, the number, and the ticket itself.
        foreach (var changed in (int[])[5, 24, 27, 28, 31, 32, 47])
        {
            var preamble = RawClient.Join(key, 1, ChannelPurpose.Audio);
            preamble[changed] ^= 1;
            using var thief = await DialAsync(house, security, certificate);
            Assert.Equal(Answer.BadTicket, await thief.AskAsync(preamble));
        }

        await house.Log.SawAsync(3001, "the ticket is not one of this connection");

        // None of them used the number up.
        using var honest = await DialAsync(house, security, certificate);
        Assert.Equal(Answer.Accepted, await honest.AskAsync(RawClient.Join(key, 1, ChannelPurpose.Audio)));
        await accepted.DisposeAsync();
        await house.StandsAsync();
    }

    [Fact]
    public async Task A_stolen_ticket_is_refused_because_the_certificate_is_another()
    {
        await using var house = await House.OpenAsync(Security.Tls);
        using var certificate = Certificates.Sound();
        using var other = Certificates.Sound();
        using var control = await DialAsync(house, Security.Tls, certificate);
        var key = await control.OpenControlAsync();
        await using var accepted = (await Wait.For(house.Listener.AcceptAsync(Token)))!;
        using (var thief = await DialAsync(house, Security.Tls, other))
        {
            Assert.Equal(Answer.OtherCertificate, await thief.AskAsync(RawClient.Join(key, 1)));
        }

        await house.Log.SawAsync(3001, "the certificate is not the one that the connection was made with");
        using var honest = await DialAsync(house, Security.Tls, certificate);
        Assert.Equal(Answer.Accepted, await honest.AskAsync(RawClient.Join(key, 1)));
        await accepted.DisposeAsync();
        await house.StandsAsync();
    }

    [Theory, InlineData(Security.Plain), InlineData(Security.Tls)]
    public async Task A_ticket_of_a_dead_connection_is_refused(Security security)
    {
        await using var house = await House.OpenAsync(security);
        using var certificate = Certificates.Sound();
        ConnectionKey key;
        using (var control = await DialAsync(house, security, certificate))
        {
            key = await control.OpenControlAsync();
            var accepted = (await Wait.For(house.Listener.AcceptAsync(Token)))!;
            await accepted.DisposeAsync();
        }

        await Wait.Until(() => house.Listener.Connections == 1);
        using var late = await DialAsync(house, security, certificate);
        Assert.Equal(Answer.UnknownConnection, await late.AskAsync(RawClient.Join(key, 1)));
        await house.Log.SawAsync(3001, "no open connection has this id");
        await house.StandsAsync();
    }

    [Fact]
    public void Numbers_are_used_once_in_any_order_within_the_window()
    {
        var window = new TicketWindow();
        Assert.False(window.TryUse(0));
        var random = new Random(11);
        var next = 1u;
        for (var round = 0; round < 200; round++)
        {
            // Blocks that overlap the ring's end, each in an order of its own, each number twice.
            var block = Enumerable.Range(0, (int)TicketWindow.Size / 3).Select(i => next + (uint)i).ToArray();
            random.Shuffle(block);
            Assert.All(block, number => Assert.True(window.TryUse(number)));
            Assert.All(block, number => Assert.False(window.TryUse(number)));
            next += (uint)block.Length;
        }

        Assert.False(window.TryUse(next - 1 - TicketWindow.Size));
        Assert.True(window.TryUse(next + (5 * TicketWindow.Size)));
        Assert.True(window.TryUse(next + (4 * TicketWindow.Size) + 1));
        Assert.False(window.TryUse(next + (4 * TicketWindow.Size)));
        Assert.True(window.TryUse(uint.MaxValue));
        Assert.False(window.TryUse(uint.MaxValue));
        Assert.False(window.TryUse(1));
    }

    private static Task<RawClient> DialAsync(House house, Security security, X509Certificate2 certificate) =>
        security == Security.Plain ? RawClient.ConnectAsync(house.EndPoint) : RawClient.ConnectAsync(house.EndPoint, certificate);
}
