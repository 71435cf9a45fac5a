using System.Text.Json;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Trust;

public sealed class TrustSnapshotTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(50);
    private static readonly CancellationToken Token = CancellationToken.None;

    [Fact]
    public async Task No_crowd_of_strangers_fills_the_store_and_old_ones_make_room()
    {
        var store = new MemoryTrustStore();
        for (var stranger = 0; stranger < TrustChanges.MaxPending; stranger++)
        {
            await store.AddPendingAsync(Peer(stranger), "x", PeerKind.Lan, Now.AddMinutes(stranger), Token);
        }

        var full = await Assert.ThrowsAsync<TrustException>(() => store.AddPendingAsync(Peer(-1), "x", PeerKind.Lan, Now.AddHours(23), Token).AsTask());
        Assert.Equal(TrustError.TooManyPending, full.Error);
        Assert.Equal(TrustChanges.MaxPending, store.Current.Peers.Length);

        // Whoever proves the key needs no place among the waiting, and who waits already keeps it.
        await store.AddPairedAsync(Peer(-2), "x", PeerKind.Lan, Now, Token);
        await store.AddPendingAsync(Peer(3), "x", PeerKind.Lan, Now.AddHours(23), Token);

        await store.AddPendingAsync(Peer(-1), "x", PeerKind.Lan, Now.AddDays(1), Token);
        Assert.Null(store.Current.Find(Peer(0)));
        Assert.Equal(PeerState.Pending, store.Current.Find(Peer(-1))!.State);
        Assert.Equal(TrustChanges.MaxPending + 1, store.Current.Peers.Length);
    }

    [Fact]
    public async Task Every_way_from_one_state_to_another()
    {
        var store = new MemoryTrustStore();
        var peer = Peer(1);
        await store.AcceptAsync(peer, Now, cancellationToken: Token);
        await store.RevokeAsync(peer, Now, Token);
        Assert.Equal((0L, 0), (store.Current.Version, store.Current.Peers.Length));

        await store.AddPendingAsync(peer, "one", PeerKind.Lan, Now, Token);
        Assert.False(store.Current.Admits(peer));
        await store.AddPendingAsync(peer, "other", PeerKind.Cloud, Now.AddDays(1), Token);
        Assert.Equal(("one", PeerKind.Lan, Now), (store.Current.Find(peer)!.Name, store.Current.Find(peer)!.Kind, store.Current.Find(peer)!.Since));

        await store.AddPairedAsync(peer, "other", PeerKind.Cloud, Now.AddDays(2), Token);
        Assert.True(store.Current.Admits(peer));
        Assert.Equal(("one", PeerKind.Lan, Now.AddDays(2)), (store.Current.Find(peer)!.Name, store.Current.Find(peer)!.Kind, store.Current.Find(peer)!.Since));

        await store.RevokeAsync(peer, Now.AddDays(3), Token);
        Assert.False(store.Current.Admits(peer));
        await store.AddPairedAsync(peer, "again", PeerKind.Lan, Now.AddDays(4), Token);
        await store.AddPendingAsync(peer, "again", PeerKind.Lan, Now.AddDays(4), Token);
        Assert.Equal((PeerState.Revoked, Now.AddDays(3)), (store.Current.Find(peer)!.State, store.Current.Find(peer)!.Since));

        await store.AcceptAsync(peer, Now.AddDays(5), PeerKind.Cloud, ProjectScope.Only("song"), Token);
        Assert.Equal(PeerState.Accepted, store.Current.Find(peer)!.State);
        Assert.False(store.Current.Admits(peer));
        await store.UpdateAsync(snapshot => snapshot with { Rules = snapshot.Rules with { AllowsCloud = true } }, Token);
        Assert.True(store.Current.Admits(peer));
        Assert.True(store.Current.Find(peer)!.Projects.Allows("song"));
        Assert.False(store.Current.Find(peer)!.Projects.Allows("another song"));
    }

    [Fact]
    public async Task Watching_skips_to_the_latest_and_never_goes_back()
    {
        var store = new MemoryTrustStore(new TrustSnapshot { Version = 7 });
        await using var watching = store.WatchAsync(-1, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watching.MoveNextAsync());
        Assert.Equal(7, watching.Current.Version);
        var next = watching.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await store.UpdateAsync(snapshot => snapshot, Token);
        Assert.False(next.IsCompleted);
        await store.UpdateAsync(snapshot => snapshot with { Version = 1, Rules = new TrustRules { AllowsCloud = true } }, Token);
        Assert.True(await Support.Wait.For(next.AsTask()));
        Assert.Equal(8, watching.Current.Version);
        Assert.True(watching.Current.Rules.AllowsCloud);
    }

    [Theory]
    [InlineData(null, "?")]
    [InlineData("", "?")]
    [InlineData(" \t ", "?")]
    [InlineData("Studio B", "Studio B")]
    [InlineData("Studio\u001b[31mB\n", "Studio?[31mB")]
    [InlineData("a\u202Eb\u200Bc\0d", "a?b?c?d")]
    [InlineData("Ålesund 3", "Ålesund 3")]
    public void A_name_cannot_play_with_a_terminal(string? text, string name) => Assert.Equal(name, TrustedPeer.CleanName(text));

    [Fact]
    public void A_long_name_is_cut_and_a_bad_one_never_stored()
    {
        Assert.Equal(TrustedPeer.MaxNameLength, TrustedPeer.CleanName(new string('x', 100_000)).Length);
        Assert.Throws<ArgumentException>(() => New(Peer(1), "a\nb"));
        Assert.Throws<ArgumentException>(() => New(Peer(1), ""));
        Assert.Throws<ArgumentException>(() => New(Peer(1), new string('x', 65)));
    }

    [Fact]
    public void Somebody_is_meant_by_name_or_by_first_digits()
    {
        var (one, two) = (New(Peer(1), "left"), New(Peer(2), "right"));
        var snapshot = TrustSnapshot.Empty.With(one).With(two).With(New(Peer(3), "right"));
        Assert.Equal([one], snapshot.Match("left"));
        Assert.Equal(2, snapshot.Match("right").Length);
        Assert.Equal([two], snapshot.Match(two.Fingerprint.Hex[..4]));
        Assert.Equal([two], snapshot.Match(two.Fingerprint.Hex.ToUpperInvariant()));
        Assert.Empty(snapshot.Match(two.Fingerprint.Hex[..3]));
        Assert.Empty(snapshot.Match(""));
    }

    [Theory]
    [InlineData("\"all\"", true, true)]
    [InlineData("[\"song\"]", true, false)]
    [InlineData("[]", false, false)]
    public void A_scope_comes_back_as_it_went(string json, bool song, bool nameless)
    {
        var scope = JsonSerializer.Deserialize<ProjectScope>(json)!;
        Assert.Equal((song, nameless), (scope.Allows("song"), scope.Allows(null)));
        Assert.Equal(json, JsonSerializer.Serialize(scope));
        Assert.Equal(scope, JsonSerializer.Deserialize<ProjectScope>(json));
    }

    [Theory]
    [InlineData("\"some\"")]
    [InlineData("[1]")]
    [InlineData("[\"\"]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("7")]
    public void What_is_no_scope_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ProjectScope>(json));

    [Theory]
    [InlineData("tcp://127.0.0.1:1", PeerKind.Lan)]
    [InlineData("tcp://[::1]:1", PeerKind.Lan)]
    [InlineData("tcp://[::ffff:192.168.1.7]:1", PeerKind.Lan)]
    [InlineData("tcp://[fe80::1]:1", PeerKind.Lan)]
    [InlineData("tcp://[fd00::1]:1", PeerKind.Lan)]
    [InlineData("tcp://10.1.2.3:1", PeerKind.Lan)]
    [InlineData("tcp://172.31.255.255:1", PeerKind.Lan)]
    [InlineData("tcp://172.32.0.1:1", PeerKind.Cloud)]
    [InlineData("tcp://8.8.8.8:1", PeerKind.Cloud)]
    [InlineData("tcp://[2001:db8::1]:1", PeerKind.Cloud)]
    [InlineData("tcp://studio:1", PeerKind.Lan)]
    [InlineData("tcp://studio.local:1", PeerKind.Lan)]
    [InlineData("tcp://studio.example.com:1", PeerKind.Cloud)]
    public void Where_a_peer_is_shows_in_its_address(string endPoint, PeerKind kind) => Assert.Equal(kind, PeerKinds.Of(new Uri(endPoint)));

    private static NodeFingerprint Peer(int number) => NodeFingerprint.Of(BitConverter.GetBytes(number));

    private static TrustedPeer New(NodeFingerprint fingerprint, string name) => new()
    {
        Fingerprint = fingerprint,
        Name = name,
        State = PeerState.Pending,
        Kind = PeerKind.Lan,
        Projects = ProjectScope.All,
        Since = Now,
    };
}
