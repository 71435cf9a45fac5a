using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Signals;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Trust;

/// <summary>What Pulse's word for a host is worth, and to whom.</summary>
public sealed class HostTicketTests
{
    private static readonly string Token = new('5', 64);
    private static readonly NodeFingerprint Host = NodeFingerprint.Of([1]);

    [Theory]
    [InlineData(0, true)]
    [InlineData(9_999, true)]
    [InlineData(10_000, false)]
    [InlineData(1_000_000, false)]
    public void A_token_lives_as_long_as_Pulse_said(int elapsed, bool lives)
    {
        var time = new StandingTime();
        var ticket = new HostTicket(new ExpectHostCommand(Token, Host, 10_000), time);
        time.Milliseconds += elapsed;
        var fault = HostTicket.FindFault(ticket, Token, Host);
        Assert.Equal(lives ? null : "The token has expired.", fault);
    }

    [Fact]
    public void A_token_is_for_one_certificate_and_says_nothing_to_who_does_not_have_it()
    {
        var time = new StandingTime();
        var ticket = new HostTicket(new ExpectHostCommand(Token, Host, 10_000), time);
        Assert.Null(HostTicket.FindFault(ticket, Token, Host));
        Assert.Contains("another certificate", HostTicket.FindFault(ticket, Token, NodeFingerprint.Of([2])), StringComparison.Ordinal);
        Assert.Contains("another certificate", HostTicket.FindFault(ticket, Token, null), StringComparison.Ordinal);
        Assert.Contains("another certificate", HostTicket.FindFault(new HostTicket(new ExpectHostCommand(Token, null, 10_000), time), Token, Host), StringComparison.Ordinal);
        time.Milliseconds += 20_000;
        for (var bit = 0; bit < 256; bit++)
        {
            var other = Convert.ToHexStringLower(Bits.Flipped(Convert.FromHexString(Token), bit));
            Assert.Contains("not announced", HostTicket.FindFault(ticket, other, NodeFingerprint.Of([2])), StringComparison.Ordinal);
        }

        Assert.Contains("not announced", HostTicket.FindFault(ticket, null, Host), StringComparison.Ordinal);
        Assert.Contains("not announced", HostTicket.FindFault(null, Token, Host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1000)]
    [InlineData("5555", 1000)]
    [InlineData(null, 0)]
    [InlineData(null, -1)]
    [InlineData(null, 600_001)]
    public void A_command_that_cannot_be_meant_is_refused(string? token, int lifetime) =>
        Assert.Equal("badPayload", Assert.Throws<ControlException>(() => new HostTicket(new ExpectHostCommand(token ?? Token, Host, lifetime), TimeProvider.System)).Code);

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_token_opens_one_connection_of_one_certificate_once(bool tls)
    {
        await using var guild = await Guild.StartAsync(tls);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        await using var pulse = await RawPulse.ConnectAsync(guild.Pulse.Transport, guild.Satellite.EndPoint);
        await pulse.HelloAsync();
        await pulse.AskAsync("cluster", "expectHost", new ExpectHostCommand(Token, guild.Host.Credentials.Fingerprint, 60_000));

        // Whoever has stolen it has another certificate, and does not use it up.
        await using var thief = await RawPulse.ConnectAsync(guild.NewMember("thief").Transport, guild.Satellite.EndPoint);
        var stolen = await thief.RefusedAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.HostRole, Token));
        Assert.Equal(("token", "The token was announced for another certificate."), (stolen.Code, stolen.Message));

        await using var host = await RawPulse.ConnectAsync(guild.Host.Transport, guild.Satellite.EndPoint);
        await host.HelloAsync(HelloCommand.HostRole, Token);
        await using var again = await RawPulse.ConnectAsync(guild.Host.Transport, guild.Satellite.EndPoint);
        var used = await again.RefusedAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.HostRole, Token));
        Assert.Equal("token", used.Code);
        Assert.DoesNotContain(Token, used.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_came_too_late_opens_nothing()
    {
        await using var guild = await Guild.StartAsync(false);
        var time = new StandingTime();
        var slow = await guild.ServeAsync(guild.NewMember("slow"), NodeRole.Satellite, time);
        await Guild.AcquaintAsync(guild.Pulse, slow);
        await using var pulse = await RawPulse.ConnectAsync(guild.Pulse.Transport, slow.EndPoint);
        await pulse.HelloAsync();
        await pulse.AskAsync("cluster", "expectHost", new ExpectHostCommand(Token, guild.Host.Credentials.Fingerprint, 500));
        time.Milliseconds += 500;
        await using var host = await RawPulse.ConnectAsync(guild.Host.Transport, slow.EndPoint);
        Assert.Equal("The token has expired.", (await host.RefusedAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.HostRole, Token))).Message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_host_turns_away_when_another_node_answers(bool tls)
    {
        await using var guild = await Guild.StartAsync(tls);
        await Guild.AcquaintAsync(guild.Pulse, guild.Host);
        await using var pulse = await RawPulse.ConnectAsync(guild.Pulse.Transport, guild.Host.EndPoint);
        await pulse.HelloAsync();
        var meant = guild.NewMember("meant").Credentials.Fingerprint;

        var refused = await pulse.RefusedAsync("rendering", "connectNode", new ConnectNodeCommand(Guid.NewGuid(), "satellite", [guild.Satellite.EndPoint], Token, meant));

        Assert.Contains("another node answers", refused.Message, StringComparison.Ordinal);
        Assert.Contains(guild.Satellite.Credentials.Fingerprint.Hex, refused.Message, StringComparison.Ordinal);
        Assert.Contains(meant.Hex, refused.Message, StringComparison.Ordinal);
        // The right one is dialled and answers for itself.
        refused = await pulse.RefusedAsync("rendering", "connectNode", new ConnectNodeCommand(Guid.NewGuid(), "satellite", [guild.Satellite.EndPoint], Token, guild.Satellite.Credentials.Fingerprint));
        Assert.Contains("The token was not announced", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_does_not_dial_whom_it_has_revoked()
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Host);
        await Guild.AcquaintAsync(guild.Host, guild.Satellite);
        await guild.Host.Store.RevokeAsync(guild.Satellite.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, Wait.Token);
        await using var pulse = await RawPulse.ConnectAsync(guild.Pulse.Transport, guild.Host.EndPoint);
        await pulse.HelloAsync();
        var refused = await pulse.RefusedAsync("rendering", "connectNode", new ConnectNodeCommand(Guid.NewGuid(), "satellite", [guild.Satellite.EndPoint], Token, guild.Satellite.Credentials.Fingerprint));
        Assert.Contains("revoked", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A clock that stands until it is moved; timers run on the system's.</summary>
    private sealed class StandingTime : TimeProvider
    {
        private long _milliseconds;

        public long Milliseconds
        {
            get => Volatile.Read(ref _milliseconds);
            set => Volatile.Write(ref _milliseconds, value);
        }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
