using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.State;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Trust;

/// <summary>Who gets to work with whom, over a network that looks like TLS and over TLS.</summary>
public sealed class AdmissionTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Who_knows_the_key_is_remembered_at_both_ends_and_renders_the_same(bool tls)
    {
        var request = Studio.Request();
        var expected = await Studio.ReferenceAsync(request);
        var key = JoinKey.Create();
        await using var guild = await Guild.StartAsync(tls, key, key);

        var result = await guild.RenderAsync(request);

        Assert.Equal(expected, guild.Sinks.Samples);
        Assert.All(result.Nodes, node => Assert.True(node.Blocks > 0, $"{node.Name} rendered nothing: {node.LostReason}"));
        foreach (var signal in new[] { guild.Host, guild.Satellite })
        {
            Assert.Equal((PeerState.Accepted, signal.Name), (guild.Pulse.Knows(signal)!.State, guild.Pulse.Knows(signal)!.Name));
            Assert.Equal((PeerState.Accepted, "pulse"), (signal.Knows(guild.Pulse)!.State, signal.Knows(guild.Pulse)!.Name));
        }

        // The host was vouched for with a token; nobody needs to remember it.
        Assert.Null(guild.Satellite.Knows(guild.Host));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Who_is_unknown_waits_at_both_ends_and_is_told_so_until_both_accept(bool tls)
    {
        await using var guild = await Guild.StartAsync(tls);
        var (pulse, satellite) = (guild.Pulse, guild.Satellite);

        var message = await guild.RefusedAsync(satellite);

        Assert.Contains($"satellite ({satellite.Credentials.Fingerprint.Hex[..16]}) is pending here", message, StringComparison.Ordinal);
        Assert.Contains($"({pulse.Credentials.Fingerprint.Hex[..16]}) waits there", message, StringComparison.Ordinal);
        Assert.Equal(PeerState.Pending, pulse.Knows(satellite)!.State);
        Assert.Equal((PeerState.Pending, "pulse"), (satellite.Knows(pulse)!.State, satellite.Knows(pulse)!.Name));

        await pulse.Store.AcceptAsync(satellite.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, cancellationToken: Wait.Token);
        message = await guild.RefusedAsync(satellite);
        Assert.Contains($"satellite does not know this node yet; this node ({pulse.Credentials.Fingerprint.Hex[..16]}) waits there", message, StringComparison.Ordinal);

        await satellite.Store.AcceptAsync(pulse.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, cancellationToken: Wait.Token);
        await using var coordinator = guild.Coordinate();
        Assert.Equal("satellite", (await coordinator.ConnectAsync(satellite.EndPoint, Wait.Token)).Name);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Another_key_is_refused_by_name_and_nobody_is_remembered(bool tls)
    {
        await using var guild = await Guild.StartAsync(tls, JoinKey.Create(), JoinKey.Create());
        Assert.Contains("The join key is another one", await guild.RefusedAsync(guild.Satellite), StringComparison.Ordinal);
        Assert.Empty(guild.Pulse.Store.Current.Peers);
        Assert.Empty(guild.Satellite.Store.Current.Peers);
    }

    [Fact]
    public async Task A_key_that_only_one_end_has_lets_nobody_in()
    {
        await using var guild = await Guild.StartAsync(false, JoinKey.Create());
        Assert.Contains("pending here", await guild.RefusedAsync(guild.Satellite), StringComparison.Ordinal);
        Assert.Equal(PeerState.Pending, guild.Satellite.Knows(guild.Pulse)!.State);
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task Who_is_revoked_is_cut_off_at_once_and_the_key_does_not_bring_it_back(bool tls, bool bySatellite)
    {
        var key = JoinKey.Create();
        await using var guild = await Guild.StartAsync(tls, key, key);
        await using var coordinator = guild.Coordinate();
        await coordinator.ConnectAsync(guild.Host.EndPoint, Wait.Token);
        await coordinator.ConnectAsync(guild.Satellite.EndPoint, Wait.Token);
        var request = Studio.Request(frames: 1L << 40);
        var playing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        guild.Sinks.OnFrames = frames => _ = frames > 1000 && playing.TrySetResult();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Wait.Token);
        var rendering = coordinator.RenderAsync(request, null, ending.Token);
        await Wait.For(playing.Task);

        var (revoker, revoked) = bySatellite ? (guild.Satellite, guild.Pulse) : (guild.Pulse, guild.Satellite);
        await revoker.Store.RevokeAsync(revoked.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, Wait.Token);

        await Wait.Until(() => guild.Satellite.Renderers.Live == 0, "the end of the satellite's work");
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rendering);
        Assert.Contains("revoked", await guild.RefusedAsync(guild.Satellite), StringComparison.Ordinal);
        Assert.Equal(PeerState.Revoked, revoker.Knows(revoked)!.State);
    }

    [Fact]
    public async Task What_Pulse_vouched_for_ends_with_Pulses_session()
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        await using var pulse = await RawPulse.ConnectAsync(guild.Pulse.Transport, guild.Satellite.EndPoint);
        await pulse.HelloAsync();
        var token = new string('7', 64);
        await pulse.AskAsync("cluster", "expectHost", new ExpectHostCommand(token, guild.Host.Credentials.Fingerprint, 10_000));
        await using var host = await RawPulse.ConnectAsync(guild.Host.Transport, guild.Satellite.EndPoint);
        await host.HelloAsync(HelloCommand.HostRole, token);
        await using var link = await host.Connection.OpenAudioLinkAsync(Wait.Token);
        var state = new StateChannel(await host.Connection.OpenChannelAsync(ChannelPurpose.State, Wait.Token));
        Assert.True((await Wait.For(state.ReceiveAsync(Wait.Token).AsTask())) is { IsReady: true });
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Connection.Closed.Register(closed.SetResult);

        pulse.Connection.Abort("gone");

        await Wait.For(closed.Task);
    }

    [Fact]
    public async Task A_host_that_the_satellite_has_revoked_is_not_let_in_by_a_token_and_is_cut_off()
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        await Guild.AcquaintAsync(guild.Host, guild.Satellite);
        await using var pulse = await RawPulse.ConnectAsync(guild.Pulse.Transport, guild.Satellite.EndPoint);
        await pulse.HelloAsync();
        var token = new string('7', 64);
        var expect = new ExpectHostCommand(token, guild.Host.Credentials.Fingerprint, 10_000);
        await pulse.AskAsync("cluster", "expectHost", expect);
        await using var host = await RawPulse.ConnectAsync(guild.Host.Transport, guild.Satellite.EndPoint);
        await host.HelloAsync(HelloCommand.HostRole, token);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Connection.Closed.Register(closed.SetResult);

        await guild.Satellite.Store.RevokeAsync(guild.Host.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, Wait.Token);

        await Wait.For(closed.Task);
        await pulse.AskAsync("cluster", "expectHost", expect);
        await using var again = await RawPulse.ConnectAsync(guild.Host.Transport, guild.Satellite.EndPoint);
        Assert.Equal("revoked", (await again.RefusedAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.HostRole, token))).Code);
    }

    [Theory]
    [InlineData(JoinRule.ByAcceptance, "pending here", PeerState.Pending)]
    [InlineData(JoinRule.Nobody, "no new nodes", null)]
    public async Task Rules_decide_whether_a_key_helps(JoinRule rule, string says, PeerState? known)
    {
        var key = JoinKey.Create();
        await using var guild = await Guild.StartAsync(false, key, key, new TrustRules { Join = rule });
        Assert.Contains(says, await guild.RefusedAsync(guild.Satellite), StringComparison.Ordinal);
        Assert.Equal(known, guild.Pulse.Knows(guild.Satellite)?.State);
        Assert.Equal(known, guild.Satellite.Knows(guild.Pulse)?.State);
    }

    [Fact]
    public async Task Nobody_in_the_cloud_takes_part_until_the_rules_allow_it_and_whoever_does_is_cut_off_when_they_no_longer_do()
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Host);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        await guild.Pulse.Store.AcceptAsync(guild.Satellite.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, PeerKind.Cloud, null, Wait.Token);
        Assert.Contains("in the cloud", await guild.RefusedAsync(guild.Satellite), StringComparison.Ordinal);

        await AllowAsync(true);
        await using var coordinator = guild.Coordinate();
        await coordinator.ConnectAsync(guild.Host.EndPoint, Wait.Token);
        await coordinator.ConnectAsync(guild.Satellite.EndPoint, Wait.Token);
        await AllowAsync(false);
        var result = await Wait.For(coordinator.RenderAsync(Studio.Request(), null, Wait.Token));
        Assert.Contains("in the cloud", result.Nodes[1].LostReason, StringComparison.Ordinal);

        ValueTask<TrustSnapshot> AllowAsync(bool allows) =>
            guild.Pulse.Store.UpdateAsync(snapshot => snapshot with { Rules = snapshot.Rules with { AllowsCloud = allows } }, Wait.Token);
    }

    [Theory]
    [InlineData(true, "secret", false)]
    [InlineData(true, "open", true)]
    [InlineData(false, "secret", false)]
    [InlineData(false, "open", true)]
    [InlineData(true, null, false)]
    public async Task A_project_that_may_not_be_distributed_stays_on_the_host_and_the_result_says_so(bool byRules, string? project, bool distributed)
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Host);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        var open = ProjectScope.Only("open");
        if (byRules)
        {
            await guild.Pulse.Store.UpdateAsync(snapshot => snapshot with { Rules = snapshot.Rules with { Projects = open } }, Wait.Token);
        }
        else
        {
            await guild.Pulse.Store.AcceptAsync(guild.Satellite.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, null, open, Wait.Token);
        }

        var plain = Studio.Request();
        var expected = await Studio.ReferenceAsync(plain);

        var result = await guild.RenderAsync(new RenderRequest
        {
            Graph = plain.Graph,
            LengthFrames = plain.LengthFrames,
            OutputPath = plain.OutputPath,
            BlockFrames = plain.BlockFrames,
            Project = project,
        });

        Assert.Equal(expected, guild.Sinks.Samples);
        Assert.Equal(distributed, result.Nodes[1].Blocks > 0);
        if (distributed)
        {
            Assert.Empty(result.Objections);
        }
        else
        {
            Assert.Contains(project ?? "without a name", Assert.Single(result.Objections), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_connection_that_others_may_read_carries_nothing()
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        guild.Memory.Security = TransportSecurity.None;
        Assert.Contains("others may read", await guild.RefusedAsync(guild.Satellite), StringComparison.Ordinal);
        await using var pulse = await RawPulse.ConnectAsync(guild.Pulse.Transport, guild.Satellite.EndPoint);
        Assert.Equal("insecure", (await pulse.RefusedAsync("client", "hello", new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.PulseRole, null))).Code);
        Assert.Equal("insecure", (await pulse.RefusedAsync("trust", "introduce", new IntroduceCommand("x", false))).Code);
    }

    [Fact]
    public async Task Without_a_trust_store_nobody_is_trusted_over_TLS()
    {
        await using var guild = await Guild.StartAsync(false);
        var plain = guild.NewMember("plain");
        var naive = await guild.ServeAsync(plain with { Trust = null! }, NodeRole.Satellite);
        Assert.Contains("no trust store", await guild.RefusedAsync(naive), StringComparison.Ordinal);
        await using var coordinator = guild.Coordinate();
        var refused = await Assert.ThrowsAsync<ClusterException>(() => coordinator.ConnectAsync(guild.Satellite.EndPoint, null, Wait.Token));
        Assert.Contains("no trust store", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_does_not_work_with_itself()
    {
        await using var guild = await Guild.StartAsync(false);
        var twin = await guild.ServeAsync(guild.Pulse with { Name = "twin" }, NodeRole.Satellite);
        Assert.Contains("own identity", await guild.RefusedAsync(twin), StringComparison.Ordinal);
    }
}
