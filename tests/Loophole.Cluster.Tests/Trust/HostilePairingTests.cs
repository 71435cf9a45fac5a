using System.Security.Cryptography;
using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Trust;

/// <summary>Ends of a pairing that do not keep to it.</summary>
public sealed class HostilePairingTests
{
    private static readonly HelloCommand Hello = new(HelloCommand.CurrentProtocol, HelloCommand.PulseRole, null);

    [Fact]
    public async Task Nobody_gets_anything_before_it_is_admitted()
    {
        await using var guild = await Guild.StartAsync(false, null, JoinKey.Create());
        await using var stranger = await ConnectAsync(guild);
        Assert.Equal("unpaired", (await stranger.RefusedAsync("client", "hello", Hello)).Code);
        Assert.Equal("token", (await stranger.RefusedAsync("client", "hello", Hello with { Role = HelloCommand.HostRole, Token = new string('0', 64) })).Code);
        Assert.Equal("noHello", (await stranger.RefusedAsync("cluster", "telemetry", Empty.Instance)).Code);
        Assert.Equal("noHello", (await stranger.RefusedAsync("cluster", "expectHost", new ExpectHostCommand(new string('0', 64), null, 1000))).Code);
        Assert.Equal("unknownName", (await stranger.RefusedAsync("trust", "please", Empty.Instance)).Code);
        Assert.Empty(guild.Satellite.Store.Current.Peers);
        Assert.False((await stranger.AskAsync<IntroduceAnswer, IntroduceCommand>("trust", "introduce", new IntroduceCommand("stranger", true))).IsAccepted);
        Assert.Equal("unpaired", (await stranger.RefusedAsync("client", "hello", Hello)).Code);
        Assert.Empty(guild.Satellite.Store.Current.Peers);
    }

    [Fact]
    public async Task A_proof_is_good_for_one_pair_of_nonces_once_and_attempts_are_few()
    {
        var key = JoinKey.Create();
        await using var guild = await Guild.StartAsync(false, null, key);
        await using var stranger = await ConnectAsync(guild);
        Assert.Equal("noPairing", (await stranger.RefusedAsync("trust", "pairProve", PairProof.Of(new byte[32]))).Code);
        for (var attempt = 0; attempt < PairingAnswerer.MaxAttempts; attempt++)
        {
            await BeginAsync(stranger);
            Assert.Equal("wrongKey", (await stranger.RefusedAsync("trust", "pairProve", PairProof.Of(RandomNumberGenerator.GetBytes(32)))).Code);
            Assert.Equal("noPairing", (await stranger.RefusedAsync("trust", "pairProve", PairProof.Of(RandomNumberGenerator.GetBytes(32)))).Code);
        }

        Assert.Equal("tooManyAttempts", (await stranger.RefusedAsync("trust", "pairBegin", PairNonce.Of(new byte[32]))).Code);
        Assert.Empty(guild.Satellite.Store.Current.Peers);

        // The right key on a connection of its own is another matter.
        await using var friend = await ConnectAsync(guild);
        var (own, theirs) = await BeginAsync(friend);
        await friend.AskAsync("trust", "pairProve", PairProof.Of(Proof(guild, own, theirs).OfDialler(key)));
        await friend.HelloAsync();
    }

    [Fact]
    public async Task A_proof_that_was_overheard_is_worth_nothing_again()
    {
        var key = JoinKey.Create();
        await using var guild = await Guild.StartAsync(false, null, key);
        PairProof overheard;
        byte[] nonce;
        await using (var friend = await ConnectAsync(guild))
        {
            (nonce, var theirs) = await BeginAsync(friend);
            overheard = PairProof.Of(Proof(guild, nonce, theirs).OfDialler(key));
            await friend.AskAsync("trust", "pairProve", overheard);
        }

        await guild.Satellite.Store.UpdateAsync(_ => TrustSnapshot.Empty, Wait.Token);
        await using var replay = await ConnectAsync(guild);
        await replay.AskAsync("trust", "pairBegin", PairNonce.Of(nonce));
        Assert.Equal("wrongKey", (await replay.RefusedAsync("trust", "pairProve", overheard)).Code);

        // And from another certificate not even with the same nonces.
        await using var thief = await RawPulse.ConnectAsync(guild.Host.Transport, guild.Satellite.EndPoint);
        var (own, fresh) = await BeginAsync(thief);
        Assert.Equal("wrongKey", (await thief.RefusedAsync("trust", "pairProve", PairProof.Of(Proof(guild, own, fresh).OfDialler(key)))).Code);
        Assert.Empty(guild.Satellite.Store.Current.Peers);
    }

    [Fact]
    public async Task Only_the_dialler_proves_first_and_the_answerers_proof_is_not_taken_for_its()
    {
        var key = JoinKey.Create();
        await using var guild = await Guild.StartAsync(false, null, key);
        await using var stranger = await ConnectAsync(guild);
        var (own, theirs) = await BeginAsync(stranger);
        Assert.Equal("wrongKey", (await stranger.RefusedAsync("trust", "pairProve", PairProof.Of(Proof(guild, own, theirs).OfAnswerer(key)))).Code);
    }

    [Theory]
    [InlineData("reflects the proof")]
    [InlineData("reflects the nonce and the proof")]
    [InlineData("proves nothing")]
    [InlineData("proves rubbish")]
    public async Task Who_answers_without_the_key_is_not_believed_and_not_remembered(string how)
    {
        await using var guild = await Guild.StartAsync(false, JoinKey.Create());
        var rogue = guild.NewMember("rogue");
        var listener = await rogue.Transport.ListenAsync(new Uri("memory://rogue"), Wait.Token);
        var answering = AnswerAsync(listener, new RogueAnswerer(how));

        var message = await guild.RefusedAsync(rogue with { EndPoint = listener.LocalEndPoint });

        Assert.Contains(how == "proves nothing" ? "proof" : "without knowing it", message, StringComparison.Ordinal);
        Assert.Empty(guild.Pulse.Store.Current.Peers);
        await listener.DisposeAsync();
        await Wait.For(answering);
    }

    [Fact]
    public async Task A_revoked_node_cannot_pair_even_with_the_key()
    {
        var key = JoinKey.Create();
        await using var guild = await Guild.StartAsync(false, null, key);
        await guild.Satellite.Store.AddPendingAsync(guild.Pulse.Credentials.Fingerprint, "pulse", PeerKind.Lan, DateTimeOffset.UnixEpoch, Wait.Token);
        await guild.Satellite.Store.RevokeAsync(guild.Pulse.Credentials.Fingerprint, DateTimeOffset.UnixEpoch, Wait.Token);
        await using var revoked = await ConnectAsync(guild);
        Assert.Equal("revoked", (await revoked.RefusedAsync("trust", "introduce", new IntroduceCommand("pulse", true))).Code);
        var (own, theirs) = await BeginAsync(revoked);
        Assert.Equal("revoked", (await revoked.RefusedAsync("trust", "pairProve", PairProof.Of(Proof(guild, own, theirs).OfDialler(key)))).Code);
        Assert.Equal("revoked", (await revoked.RefusedAsync("client", "hello", Hello)).Code);
    }

    [Fact]
    public async Task On_one_machine_nobody_is_asked_who_it_is()
    {
        await using var studio = await Studio.StartAsync(0);
        await using var pulse = await RawPulse.ConnectAsync(studio.Network, studio.Nodes[0].EndPoint);
        Assert.Equal("noTrust", (await pulse.RefusedAsync("trust", "introduce", new IntroduceCommand("x", true))).Code);
        Assert.Equal("noTrust", (await pulse.RefusedAsync("trust", "pairBegin", PairNonce.Of(new byte[32]))).Code);
        Assert.Equal("noTrust", (await pulse.RefusedAsync("trust", "pairProve", PairProof.Of(new byte[32]))).Code);
        await pulse.HelloAsync();
    }

    [Fact]
    public async Task A_hello_is_said_once()
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        await using var pulse = await ConnectAsync(guild);
        await pulse.HelloAsync();
        Assert.Equal("helloAgain", (await pulse.RefusedAsync("client", "hello", Hello)).Code);
        Assert.Equal("unknownName", (await pulse.RefusedAsync("trust", "introduce", new IntroduceCommand("again", false))).Code);
    }

    [Fact]
    public async Task Strangers_that_wait_are_counted_and_one_more_is_told_so()
    {
        await using var guild = await Guild.StartAsync(false);
        for (var stranger = 0; stranger < TrustChanges.MaxPending; stranger++)
        {
            await using var connection = await RawPulse.ConnectAsync(guild.NewMember($"stranger {stranger}").Transport, guild.Satellite.EndPoint);
            await connection.AskAsync("trust", "introduce", new IntroduceCommand($"stranger {stranger}", false));
        }

        var version = guild.Satellite.Store.Current.Version;
        Assert.Contains("Too many unknown nodes wait", await guild.RefusedAsync(guild.Satellite), StringComparison.Ordinal);
        Assert.Equal((version, TrustChanges.MaxPending), (guild.Satellite.Store.Current.Version, guild.Satellite.Store.Current.Peers.Length));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_stranger_that_says_too_much_is_cut_off_and_nobody_else_is(bool inSmallPieces)
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        await using var pulse = await ConnectAsync(guild);
        await pulse.HelloAsync();
        await using var stranger = await RawPulse.ConnectAsync(guild.NewMember("stranger").Transport, guild.Satellite.EndPoint);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stranger.Connection.Closed.Register(closed.SetResult);
        var asking = inSmallPieces
            ? Enumerable.Range(0, 200).Select(_ => stranger.AskAsync("trust", "introduce", new IntroduceCommand(new string('x', 1000), false))).ToArray()
            : [stranger.AskAsync("trust", "introduce", new IntroduceCommand(new string('x', 100_000), false))];
        await Wait.For(closed.Task);
        await Assert.ThrowsAsync<ControlException>(() => asking[^1]);

        // Known peers may say as much as they like.
        await pulse.RefusedAsync("cluster", new string('x', 60), new IntroduceCommand(new string('x', 100_000), false));
    }

    [Fact]
    public async Task Connections_on_which_nobody_says_who_it_is_are_few()
    {
        await using var guild = await Guild.StartAsync(false);
        await Guild.AcquaintAsync(guild.Pulse, guild.Satellite);
        await using var pulse = await ConnectAsync(guild);
        await pulse.HelloAsync();
        var silent = new List<RawPulse>();
        var turnedAway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var stranger = 0; stranger < 65; stranger++)
        {
            silent.Add(await RawPulse.ConnectAsync(guild.Host.Transport, guild.Satellite.EndPoint));
            silent[^1].Connection.Closed.Register(() => turnedAway.TrySetResult());
        }

        await Wait.For(turnedAway.Task);
        Assert.True(silent[^1].Connection.Closed.IsCancellationRequested, "Another one than the last was turned away.");
        await pulse.AskAsync("cluster", "telemetry", Empty.Instance);
        foreach (var stranger in silent)
        {
            await stranger.DisposeAsync();
        }
    }

    private static Task<RawPulse> ConnectAsync(Guild guild) => RawPulse.ConnectAsync(guild.Pulse.Transport, guild.Satellite.EndPoint);

    private static async Task<(byte[] Own, byte[] Theirs)> BeginAsync(RawPulse peer)
    {
        var own = RandomNumberGenerator.GetBytes(PairingProof.NonceLength);
        return (own, (await peer.AskAsync<PairNonce, PairNonce>("trust", "pairBegin", PairNonce.Of(own))).ToBytes());
    }

    private static PairingProof Proof(Guild guild, byte[] own, byte[] theirs) => new(guild.Pulse.Credentials.Fingerprint, guild.Satellite.Credentials.Fingerprint, own, theirs);

    private static async Task AnswerAsync(IClusterListener listener, IControlHandler handler)
    {
        while (await listener.AcceptAsync(Wait.Token) is { } connection)
        {
            var control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Signal });
            await control.RunAsync(handler, connection.Closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await control.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    /// <summary>Wants to be trusted, and has no key.</summary>
    private sealed class RogueAnswerer(string how) : IControlHandler
    {
        public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken) => new(command.Name switch
        {
            "introduce" => ClusterJson.ToElement(new IntroduceAnswer("rogue", true, true)),
            "pairBegin" => how == "reflects the nonce and the proof" ? command.Payload : ClusterJson.ToElement(PairNonce.Of(RandomNumberGenerator.GetBytes(32))),
            "pairProve" => how switch
            {
                "proves nothing" => ClusterJson.ToElement(new PairProof("")),
                "proves rubbish" => ClusterJson.ToElement(PairProof.Of(RandomNumberGenerator.GetBytes(32))),
                _ => command.Payload,
            },
            _ => throw new ControlException("unknownName", "no"),
        });

        public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;
    }
}
