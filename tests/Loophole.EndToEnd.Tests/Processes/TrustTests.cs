using Loophole.Cluster.Trust;
using Loophole.EndToEnd.Tests.Processes.Running;

namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Signals over TLS: who joins, who does not, who is put out, and that no secret shows.</summary>
public sealed class TrustTests(TrustFixture fixture, ITestOutputHelper output) : IClassFixture<TrustFixture>
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_key_in_a_file_lets_machines_join_for_good_and_shows_nowhere()
    {
        var stores = fixture.Stores("pulse", "one");
        await using var one = await SatelliteProcess.StartTrustedAsync(fixture.Folder, "one", stores["one"], "--join-file", fixture.KeyFile);
        var wav = fixture.Folder.NewOutput();
        string[] arguments = ["render", fixture.Project, "--out", wav, "--json", "--verbose", "--nodes", $"{one.EndPoint}", "--store", stores["pulse"]];
        var readable = "";
        PulseOutcome ended;
        await using (var pulse = PulseProcess.Start(fixture.Folder, [.. arguments, "--join-file", fixture.KeyFile]))
        {
            await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains("Paired with one", StringComparison.Ordinal)), () => "Pulse did not pair.");
            readable = string.Concat(new[] { pulse.Id, one.Id }.Concat(OperatingSystemProcess.Children(pulse.Id)).Select(OperatingSystemProcess.ReadableByOthers));
            ended = await pulse.EndAsync();
        }

        var outcome = RenderOutcome.Read(ended, wav);
        Assert.Equal(fixture.Sha256, outcome.Sha256);
        Assert.True(outcome.Node(one.Id).Blocks > 0, "It rendered nothing.");
        Assert.Contains("--join-stdin", readable, StringComparison.Ordinal);
        Assert.Contains("MutualTls", ended.Errors, StringComparison.Ordinal);
        await Deadline.WaitAsync(one.Errors.LineAsync(line => line.Contains("Paired with", StringComparison.Ordinal)), () => "The satellite did not log the pairing.");
        foreach (var said in new[] { readable, ended.Errors, ended.Output, one.Errors.ToString() })
        {
            ShowsNoKey(said);
        }

        // From now on neither needs the key.
        ended = await PulseProcess.RunAsync(fixture.Folder, arguments);
        Assert.Equal(fixture.Sha256, RenderOutcome.Read(ended, wav).Sha256);
        Assert.DoesNotContain("Paired with one", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_key_waits_until_both_sides_accept()
    {
        var stores = fixture.Stores("pulse", "one");
        await using var one = await SatelliteProcess.StartTrustedAsync(fixture.Folder, "one", stores["one"]);

        var waiting = await RenderAsync(stores["pulse"], one);
        Assert.Contains("one (", Refusal(waiting, one), StringComparison.Ordinal);
        Assert.Contains("is pending here until it is accepted", Refusal(waiting, one), StringComparison.Ordinal);
        Assert.Contains("waits there until it is accepted", Refusal(waiting, one), StringComparison.Ordinal);

        await fixture.TrustAsync(stores["pulse"], "accept", "one");
        Assert.Contains("does not know this node yet", Refusal(await RenderAsync(stores["pulse"], one), one), StringComparison.Ordinal);

        // The running satellite learns of it without a restart.
        await fixture.TrustAsync(stores["one"], "accept", Environment.MachineName);
        var accepted = await RenderAsync(stores["pulse"], one);
        Assert.Equal("", accepted.Node(one.Id).Lost);
        Assert.True(accepted.Node(one.Id).Blocks > 0, "It rendered nothing.");
    }

    [Fact]
    public async Task Another_key_is_named_and_done_without()
    {
        var stores = fixture.Stores("pulse", "one");
        var other = fixture.Folder.At($"{Guid.NewGuid():N}.key");
        JoinKey.Create().WriteTo(other);
        await using var one = await SatelliteProcess.StartTrustedAsync(fixture.Folder, "one", stores["one"], "--join-file", other);

        var outcome = await RenderAsync(stores["pulse"], one, "--join-file", fixture.KeyFile);

        Assert.Contains("join key is another one", Refusal(outcome, one), StringComparison.Ordinal);
        ShowsNoKey(one.Errors.ToString());
        ShowsNoKey(Refusal(outcome, one));
    }

    [Theory]
    [InlineData("pulse", "two")]
    [InlineData("two", "")]
    public async Task Who_is_revoked_by_another_process_is_cut_off_within_a_second_and_no_sample_changes(string revoker, string revoked)
    {
        var stores = fixture.Stores("pulse", "one", "two");
        await using var one = await SatelliteProcess.StartTrustedAsync(fixture.Folder, "one", stores["one"], "--join-file", fixture.KeyFile);
        await using var two = await SatelliteProcess.StartTrustedAsync(fixture.Folder, "two", stores["two"], "--join-file", fixture.KeyFile);
        var wav = fixture.Folder.NewOutput();
        await using var pulse = PulseProcess.Start(
            fixture.Folder,
            ["render", fixture.LongProject, "--out", wav, "--json", "--verbose", .. TrustFixture.Long, "--nodes", $"{one.EndPoint},{two.EndPoint}", "--store", stores["pulse"], "--join-file", fixture.KeyFile]);
        var lost = TimeOfAsync(pulse.Errors, line => line.Contains("Node two is lost", StringComparison.Ordinal));
        var cut = TimeOfAsync(two.Errors, line => line.Contains("[2001]", StringComparison.Ordinal));
        await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains(": 10 %", StringComparison.Ordinal)), () => "The render did not begin.");

        await fixture.TrustAsync(stores[revoker], "revoke", revoked.Length > 0 ? revoked : Environment.MachineName);
        var decided = TimeProvider.System.GetTimestamp();

        var atPulse = TimeProvider.System.GetElapsedTime(decided, await Deadline.WaitAsync(lost, () => "Pulse did not lose it."));
        var atSatellite = TimeProvider.System.GetElapsedTime(decided, await Deadline.WaitAsync(cut, () => "The satellite did not end the connection."));
        output.WriteLine($"cut {atPulse.TotalMilliseconds:0} ms (Pulse) and {atSatellite.TotalMilliseconds:0} ms (satellite) after the end of the command");
        Assert.InRange(atPulse, TimeSpan.MinValue, AtOnce);
        Assert.InRange(atSatellite, TimeSpan.MinValue, AtOnce);
        var outcome = RenderOutcome.Read(await pulse.EndAsync(), wav);
        Assert.Equal(fixture.LongSha256, outcome.Sha256);
        Assert.NotEqual("", outcome.Node(two.Id).Lost);
        Assert.True(outcome.Failovers > 0, "Nothing went on elsewhere.");
        Assert.Equal("", outcome.Node(one.Id).Lost);
    }

    [Fact]
    public async Task The_demo_is_equal_over_TLS_with_keys_that_leave_nothing_behind()
    {
        using var folder = new TestFolder();
        await using var pulse = PulseProcess.Start(folder, ["demo", "--out", folder.At("output"), "--json", "--verbose"]);
        await Deadline.WaitAsync(pulse.Errors.LineAsync(line => line.Contains("Paired with satellite 2", StringComparison.Ordinal)), () => "Pulse did not pair.");
        var readable = string.Concat(OperatingSystemProcess.Children(pulse.Id).Append(pulse.Id).Select(OperatingSystemProcess.ReadableByOthers));
        var outcome = await pulse.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Contains("\"equal\":true", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("MutualTls", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("--join-stdin", readable, StringComparison.Ordinal);
        ShowsNoKey(readable + outcome.Output + outcome.Errors);
        Assert.Empty(folder.SatelliteFolders());
        Assert.DoesNotContain(Directory.GetFiles(folder.At("data"), "*", SearchOption.AllDirectories), file => Path.GetFileName(file) is NodeIdentity.FileName or JsonTrustStore.FileName);
    }

    [Fact]
    public async Task A_project_that_may_not_be_distributed_stays_on_the_host_and_the_report_says_so()
    {
        var stores = fixture.Stores("pulse");
        await fixture.TrustAsync(stores["pulse"], "rules", "--projects", "another one");
        var wav = fixture.Folder.NewOutput();
        var ended = await PulseProcess.RunAsync(fixture.Folder, ["render", fixture.Project, "--out", wav, "--json", "--satellites", "1", "--store", stores["pulse"]]);
        Assert.Contains("the rules keep the project", ended.Output, StringComparison.Ordinal);
        var outcome = RenderOutcome.Read(ended, wav);
        Assert.Equal(fixture.Sha256, outcome.Sha256);
        Assert.Equal(0, outcome.Nodes[1].Blocks);
    }

    [Fact]
    public async Task Processes_that_change_one_store_at_once_undo_nothing()
    {
        var store = fixture.Stores("pulse")["pulse"];
        await using (var open = JsonTrustStore.Open(store))
        {
            for (byte peer = 0; peer < 6; peer++)
            {
                await open.AddPendingAsync(NodeFingerprint.Of([peer]), $"peer {peer}", PeerKind.Lan, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 6).Select(peer => fixture.TrustAsync(store, peer % 2 == 0 ? "accept" : "revoke", $"peer {peer}")));

        await using var after = JsonTrustStore.Open(store);
        Assert.All(after.Current.Peers.Index(), entry => Assert.Equal(entry.Index % 2 == 0 ? PeerState.Accepted : PeerState.Revoked, entry.Item.State));
        Assert.Equal(12, after.Current.Version);
        Assert.Equal(TrustError.Exists, Assert.Throws<TrustException>(() => JoinKey.Create().WriteTo(fixture.KeyFile)).Error);
    }

    private Task<RenderOutcome> RenderAsync(string store, SatelliteProcess node, params string[] arguments) =>
        PulseProcess.RenderAsync(fixture.Folder, fixture.Project, ["--nodes", $"{node.EndPoint}", "--store", store, .. arguments]);

    /// <summary>Why a node took no part in a render that was made all the same.</summary>
    private string Refusal(RenderOutcome outcome, SatelliteProcess node)
    {
        Assert.Equal(fixture.Sha256, outcome.Sha256);
        var refused = Assert.Single(outcome.Nodes, entry => entry.Name == node.EndPoint.ToString());
        Assert.Equal(0, refused.Blocks);
        return refused.Lost;
    }

    /// <summary>Neither the key of the file nor any other, made for the occasion.</summary>
    private void ShowsNoKey(string text)
    {
        var key = JoinKey.ReadFrom(fixture.KeyFile).Reveal();
        Assert.DoesNotContain(key.Split('.')[1], text, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('.')[0] + ".", text, StringComparison.Ordinal);
    }

    private static async Task<long> TimeOfAsync(Transcript transcript, Func<string, bool> isIt)
    {
        await transcript.LineAsync(isIt);
        return TimeProvider.System.GetTimestamp();
    }
}
