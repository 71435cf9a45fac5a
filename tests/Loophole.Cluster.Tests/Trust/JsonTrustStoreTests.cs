using System.Runtime.Versioning;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Trust;

[UnsupportedOSPlatform("windows")]
public sealed class JsonTrustStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("loophole-trust-");

    private string Folder => Path.Combine(_root.FullName, "store");

    private string FilePath => Path.Combine(Folder, JsonTrustStore.FileName);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task What_was_decided_is_there_after_a_restart()
    {
        await using (var store = JsonTrustStore.Open(Folder))
        {
            Assert.Equal((0L, 0), (store.Current.Version, store.Current.Peers.Length));
            await store.AddPendingAsync(Peer(1), "one", PeerKind.Cloud, Now, Wait.Token);
            await store.AcceptAsync(Peer(1), Now, null, ProjectScope.Only("b", "a"), Wait.Token);
            await store.UpdateAsync(snapshot => snapshot with { Rules = new TrustRules { Join = JoinRule.Nobody, AllowsCloud = true, Projects = ProjectScope.Only("a") } }, Wait.Token);
        }

        await using var again = JsonTrustStore.Open(Folder);
        Assert.Equal(3, again.Current.Version);
        Assert.Equal(new TrustRules { Join = JoinRule.Nobody, AllowsCloud = true, Projects = ProjectScope.Only("a") }, again.Current.Rules);
        Assert.Equal(
            new TrustedPeer { Fingerprint = Peer(1), Name = "one", State = PeerState.Accepted, Kind = PeerKind.Cloud, Projects = ProjectScope.Only("a", "b"), Since = Now },
            Assert.Single(again.Current.Peers));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public async Task What_one_changes_the_others_see()
    {
        await using var one = JsonTrustStore.Open(Folder);
        await using var other = JsonTrustStore.Open(Folder);
        var seen = NextAsync(other, other.Current.Version);
        await one.AddPendingAsync(Peer(1), "one", PeerKind.Lan, Now, Wait.Token);
        Assert.Equal("one", (await Wait.For(seen)).Peers[0].Name);
        seen = NextAsync(one, one.Current.Version);
        await other.RevokeAsync(Peer(1), Now, Wait.Token);
        Assert.Equal(PeerState.Revoked, (await Wait.For(seen)).Peers[0].State);
    }

    [Fact]
    public async Task A_change_that_the_system_does_not_announce_is_found_all_the_same()
    {
        await using var store = JsonTrustStore.Open(Folder);
        // What is watched is the folder as it was: of a new one at its place nothing is announced.
        Directory.Move(Folder, Path.Combine(_root.FullName, "away"));
        var seen = NextAsync(store, store.Current.Version);
        await using var other = JsonTrustStore.Open(Folder);
        await other.AddPendingAsync(Peer(1), "one", PeerKind.Lan, Now, Wait.Token);
        Assert.Equal("one", (await Wait.For(seen)).Peers[0].Name);
    }

    [Fact]
    public async Task Of_many_who_write_at_once_nobody_is_overwritten()
    {
        const int Writers = 4;
        const int Each = 12;
        await using var watcher = JsonTrustStore.Open(Folder);
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            await using var store = JsonTrustStore.Open(Folder);
            for (var peer = 0; peer < Each; peer++)
            {
                await store.AddPairedAsync(Peer((writer * Each) + peer), $"{writer}.{peer}", PeerKind.Lan, Now, Wait.Token);
            }
        }));
        var versions = new List<long>();
        var watching = WatchAsync();
        await Wait.For(Task.WhenAll(writing));
        await Wait.For(watching);

        Assert.Equal(versions.Order().Distinct(), versions);
        await using var after = JsonTrustStore.Open(Folder);
        Assert.Equal(Writers * Each, after.Current.Version);
        Assert.Equal(Writers * Each, after.Current.Peers.Length);
        Assert.Equal(["trust.json", "trust.lock"], Directory.GetFiles(Folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Select(Path.GetFileName).Order());

        async Task WatchAsync()
        {
            await foreach (var snapshot in watcher.WatchAsync(-1, Wait.Token))
            {
                versions.Add(snapshot.Version);
                if (snapshot.Peers.Length == Writers * Each)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task A_change_that_fails_changes_nothing()
    {
        await using var store = JsonTrustStore.Open(Folder);
        await store.AddPendingAsync(Peer(1), "one", PeerKind.Lan, Now, Wait.Token);
        var file = await File.ReadAllBytesAsync(FilePath, Wait.Token);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => store.UpdateAsync(_ => throw new InvalidTimeZoneException(), Wait.Token).AsTask());
        Assert.Equal(file, await File.ReadAllBytesAsync(FilePath, Wait.Token));
        await store.RevokeAsync(Peer(1), Now, Wait.Token);
        Assert.Equal(PeerState.Revoked, store.Current.Peers[0].State);
    }

    public static TheoryData<string, string> Corruptions => new()
    {
        { "", "JSON" },
        { "null", "null" },
        { "[]", "" },
        { Good[..^20], "" },
        { Good.Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal), "format is 2" },
        { Good.Replace("\"version\":5", "\"version\":-5", StringComparison.Ordinal), "negative" },
        { Good.Replace("\"WithKey\"", "\"Anybody\"", StringComparison.Ordinal), "join" },
        { Good.Replace("\"WithKey\"", "9", StringComparison.Ordinal), "join rule" },
        { Good.Replace("\"Accepted\"", "7", StringComparison.Ordinal), "state" },
        { Good.Replace("\"Lan\"", "\"Moon\"", StringComparison.Ordinal), "kind" },
        { Good.Replace("\"name\":\"one\"", "\"name\":\"o\\nne\"", StringComparison.Ordinal), "name" },
        { Good.Replace("\"name\":\"one\"", "\"name\":null", StringComparison.Ordinal), "name" },
        { Good.Replace("\"name\":\"one\",", "", StringComparison.Ordinal), "name" },
        { Good.Replace("\"name\":\"one\"", "\"name\":\"one\",\"name\":\"two\"", StringComparison.Ordinal), "name" },
        { Good.Replace("\"name\":\"one\"", "\"name\":\"one\",\"nmae\":\"two\"", StringComparison.Ordinal), "nmae" },
        { Good.Replace(Digits, Digits[1..], StringComparison.Ordinal), "fingerprint" },
        { Good.Replace($"[{Entry}]", $"[{Entry},{Entry}]", StringComparison.Ordinal), "twice" },
        { Good.Replace($"[{Entry}]", "[null]", StringComparison.Ordinal), "" },
        { Good.Replace($"[{Entry}]", "null", StringComparison.Ordinal), "" },
        { Good.Replace($",\"peers\":[{Entry}]", "", StringComparison.Ordinal), "peers" },
        { Good.Replace("\"projects\":\"all\"", "\"projects\":null", StringComparison.Ordinal), "projects" },
    };

    private static string Digits => new('a', 64);

    private static string Entry => $$"""{"fingerprint":"{{Digits}}","name":"one","state":"Accepted","kind":"Lan","projects":"all","since":"2026-01-02T03:04:05+00:00"}""";

    private static string Good => $$"""{"format":1,"version":5,"join":"WithKey","allowsCloud":false,"projects":"all","peers":[{{Entry}}]}""";

    [Theory]
    [MemberData(nameof(Corruptions))]
    public async Task A_file_that_is_no_store_is_refused_by_name_and_left_as_it_is(string text, string says)
    {
        Write(text);
        var refused = Assert.Throws<TrustException>(() => JsonTrustStore.Open(Folder));
        Assert.Equal(TrustError.Corrupt, refused.Error);
        Assert.Contains(FilePath, refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(FilePath, Wait.Token));
    }

    [Fact]
    public async Task A_file_that_becomes_unreadable_changes_nothing_until_it_is_mended()
    {
        Write(Good);
        await using var store = JsonTrustStore.Open(Folder);
        Assert.Equal("one", store.Current.Peers[0].Name);
        var seen = NextAsync(store, store.Current.Version);
        Write("{");
        var refused = await Assert.ThrowsAsync<TrustException>(() => store.RevokeAsync(store.Current.Peers[0].Fingerprint, Now, Wait.Token).AsTask());
        Assert.Equal(TrustError.Corrupt, refused.Error);
        Assert.Equal("{", await File.ReadAllTextAsync(FilePath, Wait.Token));
        Assert.Equal(PeerState.Accepted, store.Current.Peers[0].State);
        Assert.False(seen.IsCompleted);
        // An older version of the file is a newer one of the store.
        Write(Good.Replace("\"version\":5", "\"version\":2", StringComparison.Ordinal).Replace("Accepted", "Revoked", StringComparison.Ordinal));
        var mended = await Wait.For(seen);
        Assert.Equal((6L, PeerState.Revoked), (mended.Version, mended.Peers[0].State));
    }

    [Fact]
    public async Task A_file_that_is_taken_away_trusts_nobody()
    {
        Write(Good);
        await using var store = JsonTrustStore.Open(Folder);
        var seen = NextAsync(store, store.Current.Version);
        File.Delete(FilePath);
        Assert.Empty((await Wait.For(seen)).Peers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_others_may_change_decides_nothing(bool file)
    {
        Write(Good);
        File.SetUnixFileMode(file ? FilePath : Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite);
        Assert.Equal(TrustError.TooOpen, Assert.Throws<TrustException>(() => JsonTrustStore.Open(Folder)).Error);
    }

    [Fact]
    public void A_file_without_measure_is_not_read()
    {
        Write(new string(' ', TrustFile.MaxLength + 1));
        Assert.Equal(TrustError.Corrupt, Assert.Throws<TrustException>(() => JsonTrustStore.Open(Folder)).Error);
    }

    /// <summary>Writes the file as a hand would, whole.</summary>
    private void Write(string text)
    {
        PrivateFiles.EnsureFolder(Folder);
        PrivateFiles.Replace(FilePath, System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static async Task<TrustSnapshot> NextAsync(JsonTrustStore store, long version)
    {
        await foreach (var snapshot in store.WatchAsync(version, Wait.Token))
        {
            return snapshot;
        }

        throw new InvalidOperationException("The store ended.");
    }

    private static NodeFingerprint Peer(int number) => NodeFingerprint.Of(BitConverter.GetBytes(number));
}
