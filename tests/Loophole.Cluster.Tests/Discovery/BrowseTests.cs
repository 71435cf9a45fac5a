using System.Net;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Discovery.Dns;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Tests.Discovery.Support;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>How nodes are found, and how one comes to know that they are gone.</summary>
public sealed class BrowseTests
{
    private static readonly IPAddress Elsewhere = IPAddress.Parse("10.0.0.99");

    private readonly Lan _lan = new();

    [Fact]
    public async Task A_node_is_found_with_all_that_it_says()
    {
        var (station, other) = (_lan.NewStation(), _lan.NewStation());
        var id = new NodeId(Guid.NewGuid());
        var watcher = other.Watch();
        await station.AdvertiseAsync("studio", id);
        _lan.Pass(1.1);
        var node = await watcher.NextAsync(NodeChange.Found);
        Assert.Equal(
            new DiscoveredNode
            {
                Service = NodeService.Signal,
                Name = "studio",
                Id = id,
                ProtocolVersion = 3,
                Role = NodeRole.Satellite,
                Kind = PeerKind.Lan,
                EndPoints = [new Uri("tcp://10.0.0.1:9000"), new Uri("quic://10.0.0.1:9001")],
            },
            node);
        await watcher.NothingAsync();
    }

    [Fact]
    public async Task Who_begins_to_look_later_asks_and_finds_as_well()
    {
        var station = _lan.NewStation();
        await station.AdvertiseAsync("studio");
        _lan.Pass(100);
        var watcher = _lan.NewStation().Watch();
        _lan.Pass(0.3);
        await watcher.NextAsync(NodeChange.Found);

        // One's own nodes are among them, and a second reader is told what the first one knows.
        var own = station.Watch();
        _lan.Pass(1.2);
        await own.NextAsync(NodeChange.Found);
        var second = station.Watch();
        await second.NextAsync(NodeChange.Found);
        await own.NothingAsync();
    }

    [Fact]
    public async Task Nodes_of_another_service_are_not_found()
    {
        var station = _lan.NewStation();
        await station.Discovery.AdvertiseAsync(Station.Signal("pulse") with { Service = NodeService.Pulse }, Wait.Token);
        var (signals, pulses) = (station.Watch(), new Watcher(station.Discovery.BrowseAsync(NodeService.Pulse, Wait.Token)));
        _lan.Pass(3);
        Assert.Equal("pulse", (await pulses.NextAsync(NodeChange.Found)).Name);
        await signals.NothingAsync();
        Assert.Throws<ArgumentOutOfRangeException>(() => station.Discovery.BrowseAsync((NodeService)7, Wait.Token));
    }

    [Fact]
    public async Task It_asks_less_and_less_often_and_says_what_it_knows()
    {
        await _lan.NewStation().AdvertiseAsync("studio");
        _lan.Pass(5);
        var station = _lan.NewStation();
        station.Watch();
        _lan.Pass(70);
        var asked = station.Sent.Where(message => message.Questions.Contains("Ptr _loophole-signal._tcp.local.")).ToList();
        Assert.Equal([1, 2, 4, 8, 16, 32], asked.Zip(asked.Skip(1), (first, second) => Math.Round((second.At - first.At).TotalSeconds)));
        Assert.Empty(asked[0].Records(DnsSection.Answers));
        Assert.All(asked.Skip(1), query => Assert.StartsWith("Ptr _loophole-signal._tcp.local. 44", Assert.Single(query.Records(DnsSection.Answers)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_says_goodbye_is_gone_a_second_later()
    {
        var station = _lan.NewStation();
        var watcher = _lan.NewStation().Watch();
        var advertisement = await station.AdvertiseAsync("studio");
        _lan.Pass(3);
        var found = await watcher.NextAsync(NodeChange.Found);
        await advertisement.DisposeAsync();
        _lan.Pass(0.99);
        await watcher.NothingAsync();
        _lan.Pass(0.02);
        Assert.Equal(found, await watcher.NextAsync(NodeChange.Gone, NodeGoneReason.Goodbye));
    }

    [Fact]
    public async Task A_goodbye_in_the_name_of_another_is_contradicted()
    {
        var station = _lan.NewStation();
        var watcher = _lan.NewStation().Watch();
        await station.AdvertiseAsync("studio");
        _lan.Pass(10);
        await watcher.NextAsync(NodeChange.Found);
        _lan.Inject(RawPeer.Response(DnsRecord.Pointer(RawPeer.Service, RawPeer.Service.Child("studio")) with { TimeToLive = 0 }), RawPeer.At());
        _lan.Pass(2);
        await watcher.NothingAsync();
    }

    [Fact]
    public async Task Who_is_lost_is_asked_for_and_gone_when_his_time_is_over()
    {
        var (station, other) = (_lan.NewStation(), _lan.NewStation());
        var watcher = other.Watch();
        await station.AdvertiseAsync("studio");
        _lan.Pass(3);
        await watcher.NextAsync(NodeChange.Found);
        var told = station.Responses.Last().At;
        _lan.Cut.Add(station.Link);
        _lan.Pass(119.5 - (_lan.Now - told).TotalSeconds);
        await watcher.NothingAsync();
        var asked = other.Sent.Where(message => message.At > told && message.Questions.Any(question => question.StartsWith("Srv studio.", StringComparison.Ordinal))).ToList();
        Assert.Equal([0.8, 0.85, 0.9, 0.95], asked.Select(message => Math.Floor((message.At - told).TotalSeconds / 120 * 20) / 20));
        _lan.Pass(1);
        await watcher.NextAsync(NodeChange.Gone, NodeGoneReason.Expired);

        _lan.Cut.Clear();
        _lan.Pass(3600);
        await watcher.NextAsync(NodeChange.Found);
    }

    [Fact]
    public async Task Who_is_there_stays_for_hours_at_little_cost()
    {
        var (station, other) = (_lan.NewStation(), _lan.NewStation());
        var watcher = other.Watch();
        await station.AdvertiseAsync("studio");
        _lan.Pass(3);
        await watcher.NextAsync(NodeChange.Found);
        var before = _lan.Sent.Count;
        _lan.Pass(4 * 3600);
        await watcher.NothingAsync();
        // Each 96 s a question for service and address, and an answer to each; each hour for the rest.
        Assert.InRange(_lan.Sent.Count - before, 300, 700);
    }

    [Fact]
    public async Task What_is_missing_is_asked_for_until_it_is_there_or_nobody_answers()
    {
        var station = _lan.NewStation();
        var watcher = station.Watch();
        _lan.Pass(1);
        var node = RawPeer.Node("studio", Elsewhere);
        _lan.Inject(RawPeer.Response(node[0]), RawPeer.At());
        _lan.Pass(0.4);
        Assert.Equal(["Srv studio._loophole-signal._tcp.local.", "Txt studio._loophole-signal._tcp.local."], LastAsked());
        _lan.Inject(RawPeer.Response(node[1], node[2]), RawPeer.At());
        _lan.Pass(1.2);
        Assert.Equal(["A elsewhere.local.", "Aaaa elsewhere.local."], LastAsked());
        _lan.Inject(RawPeer.Response(node[3]), RawPeer.At());
        _lan.Pass(0.1);
        await watcher.NextAsync(NodeChange.Found);

        _lan.Inject(RawPeer.Response(RawPeer.Node("silent", Elsewhere)[0]), RawPeer.At());
        _lan.Pass(60);
        Assert.Equal(4, station.Sent.Count(message => message.Questions.Contains("Srv silent._loophole-signal._tcp.local.")));
        await watcher.NothingAsync();

        IEnumerable<string> LastAsked() => station.Sent.Select(message => message.Questions.Where(question => !question.StartsWith("Ptr ", StringComparison.Ordinal))).Last(questions => questions.Any());
    }

    [Fact]
    public async Task Two_of_one_id_are_both_found_and_named()
    {
        var id = new NodeId(Guid.NewGuid());
        var watcher = _lan.NewStation().Watch();
        await _lan.NewStation().AdvertiseAsync("first", id);
        _lan.Pass(3);
        Assert.Empty((await watcher.NextAsync(NodeChange.Found)).SameIdAs);
        var second = await _lan.NewStation().AdvertiseAsync("second", id);
        _lan.Pass(3);
        NodeSighting[] both = [await watcher.NextAsync(), await watcher.NextAsync()];
        Assert.Equal(["first", "second"], Assert.Single(both, one => one.Node.Name == "second" && one.Change == NodeChange.Found).Node.SameIdAs.Append("second"));
        Assert.Equal(["second"], Assert.Single(both, one => one.Node.Name == "first" && one.Change == NodeChange.Changed).Node.SameIdAs);
        await second.DisposeAsync();
        _lan.Pass(2);
        both = [await watcher.NextAsync(), await watcher.NextAsync()];
        Assert.Equal(NodeGoneReason.Goodbye, Assert.Single(both, one => one.Change == NodeChange.Gone).Reason);
        Assert.Empty(Assert.Single(both, one => one.Change == NodeChange.Changed).Node.SameIdAs);
    }

    [Fact]
    public async Task Another_node_under_its_name_replaces_it()
    {
        var watcher = _lan.NewStation().Watch();
        _lan.Inject(RawPeer.Response(RawPeer.Node("studio", Elsewhere)), RawPeer.At());
        _lan.Pass(1);
        var before = await watcher.NextAsync(NodeChange.Found);
        _lan.Inject(RawPeer.Response(RawPeer.Node("studio", Elsewhere)), RawPeer.At());
        _lan.Pass(1);
        NodeSighting[] both = [await watcher.NextAsync(), await watcher.NextAsync()];
        Assert.Equal((before.Id, NodeGoneReason.Replaced), Assert.Single(both, one => one.Change == NodeChange.Gone) is var gone ? (gone.Node.Id, gone.Reason) : default);
        Assert.NotEqual(before.Id, Assert.Single(both, one => one.Change == NodeChange.Found).Node.Id);
    }

    [Fact]
    public async Task Another_address_is_a_change()
    {
        var station = _lan.NewStation();
        var watcher = _lan.NewStation().Watch();
        await station.AdvertiseAsync("studio");
        _lan.Pass(3);
        await watcher.NextAsync(NodeChange.Found);
        station.Agent.ChangeAddresses(station.Link, [IPAddress.Parse("10.0.0.77")]);
        _lan.Pass(3);
        var changed = await watcher.NextAsync(NodeChange.Changed);
        if (changed.EndPoints.Length > 2)
        {
            // A reader who is quick sees that for a moment it had both.
            changed = await watcher.NextAsync(NodeChange.Changed);
        }

        Assert.Equal([new Uri("tcp://10.0.0.77:9000"), new Uri("quic://10.0.0.77:9001")], changed.EndPoints);
    }

    [Fact]
    public async Task What_is_seen_on_two_networks_is_one_node_with_all_its_addresses()
    {
        var second = new Lan(_lan.Clock);
        var (station, other) = (_lan.NewStation(), _lan.NewStation());
        var watcher = other.Watch();
        await station.AdvertiseAsync("studio");
        _lan.Pass(3);
        await watcher.NextAsync(NodeChange.Found);
        station.Plug(second, IPAddress.Parse("10.9.0.1"));
        other.Plug(second, IPAddress.Parse("10.9.0.2"));
        _lan.Pass(3);
        Assert.Equal(["10.0.0.1", "10.9.0.1"], (await watcher.NextAsync(NodeChange.Changed)).EndPoints.Where(endPoint => endPoint.Scheme == "tcp").Select(endPoint => endPoint.Host));
        other.Unplug();
        Assert.Equal(["10.9.0.1"], (await watcher.NextAsync(NodeChange.Changed)).EndPoints.Where(endPoint => endPoint.Scheme == "tcp").Select(endPoint => endPoint.Host));
    }

    [Fact]
    public async Task A_network_that_is_gone_takes_its_nodes_along()
    {
        var other = _lan.NewStation();
        var watcher = other.Watch();
        await _lan.NewStation().AdvertiseAsync("studio");
        _lan.Pass(3);
        await watcher.NextAsync(NodeChange.Found);
        other.Unplug();
        await watcher.NextAsync(NodeChange.Gone, NodeGoneReason.NetworkLost);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("ff02::fb")]
    [InlineData("::ffff:10.0.0.9")]
    public async Task Where_nobody_can_be_dialled_is_not_told(string address)
    {
        var watcher = _lan.NewStation().Watch();
        _lan.Inject(RawPeer.Response(RawPeer.Node("studio", IPAddress.Parse(address))), RawPeer.At());
        _lan.Pass(3);
        await watcher.NothingAsync();
    }

    [Fact]
    public async Task A_link_local_address_has_the_zone_of_its_interface()
    {
        var watcher = _lan.NewStation().Watch();
        _lan.Inject(RawPeer.Response(RawPeer.Node("studio", IPAddress.Parse("fe80::1"))), RawPeer.At());
        _lan.Pass(3);
        Assert.Equal("fe80::1%7", (await watcher.NextAsync(NodeChange.Found)).EndPoints[0].DnsSafeHost);
    }

    [Fact]
    public async Task A_name_that_would_write_on_a_terminal_is_not_told()
    {
        var watcher = _lan.NewStation().Watch();
        _lan.Inject(RawPeer.Response(RawPeer.Node("studio\u001b[2J", Elsewhere, Station.Signal("studio"))), RawPeer.At());
        _lan.Inject(RawPeer.Response(RawPeer.Node("studio", Elsewhere, host: "else")), RawPeer.At(port: 40000));
        _lan.Pass(3);
        await watcher.NothingAsync();
    }

    [Fact]
    public async Task A_scheme_of_whatever_meaning_makes_endpoints_or_none()
    {
        var watcher = _lan.NewStation().Watch();
        string[] schemes = ["ab", "http", "https", "ws", "ftp", "gopher", "nntp", "news", "mailto", "uuid", "urn", "telnet", "ldap", "net.tcp", "net.pipe", "vsmacros", "javascript", "data", "tcp"];
        foreach (var scheme in schemes)
        {
            var node = RawPeer.Node(scheme, Elsewhere, host: $"h-{scheme.Length}");
            var text = NodeText.Of(Station.Signal(scheme)) with { Ports = [(scheme, 9000)] };
            _lan.Inject(RawPeer.Response([.. node[..2], DnsRecord.Text(node[2].Name, text.ToBytes()), node[3]]), RawPeer.At());
        }

        _lan.Pass(1);
        for (var name = ""; name != "tcp";)
        {
            var node = await watcher.NextAsync(NodeChange.Found);
            name = node.Name;
            Assert.Equal((name, "10.0.0.99", 9000), (node.EndPoints[0].Scheme, node.EndPoints[0].Host, node.EndPoints[0].Port));
        }
    }

    [Fact]
    public async Task A_question_in_a_response_is_passed_over()
    {
        var watcher = _lan.NewStation().Watch();
        var response = new DnsWriter();
        response.Begin(isResponse: true);
        response.TryAsk(RawPeer.Service, DnsType.Ptr);
        Assert.All(RawPeer.Node("studio", Elsewhere), record => Assert.True(response.TryWrite(record, DnsSection.Answers)));
        _lan.Inject(response.Message.ToArray(), RawPeer.At());
        _lan.Pass(1);
        await watcher.NextAsync(NodeChange.Found);
    }

    [Fact]
    public async Task A_text_that_breaks_the_rules_takes_its_node_along()
    {
        var watcher = _lan.NewStation().Watch();
        var node = RawPeer.Node("studio", Elsewhere);
        _lan.Inject(RawPeer.Response(node), RawPeer.At());
        _lan.Pass(1);
        await watcher.NextAsync(NodeChange.Found);
        _lan.Inject(RawPeer.Response(DnsRecord.Text(node[2].Name, "\u0003abc"u8.ToArray())), RawPeer.At());
        _lan.Pass(1);
        await watcher.NextAsync(NodeChange.Gone, NodeGoneReason.Replaced);
    }

    [Fact]
    public async Task A_slow_reader_is_told_how_it_stands()
    {
        var station = _lan.NewStation();
        var feed = new BrowseFeed(NodeService.Signal);
        var sightings = feed.ReadAsync(Wait.Token).GetAsyncEnumerator(Wait.Token);
        station.Open(station.Agent);
        station.Agent.Watch(feed);
        for (var i = 0; i < 1000; i++)
        {
            await using var advertisement = await station.AdvertiseAsync($"node {i}");
            _lan.Pass(2);
        }

        await using var last = await station.AdvertiseAsync("last");
        _lan.Pass(2);
        Assert.True(await Wait.For(sightings.MoveNextAsync().AsTask()));
        Assert.Equal((NodeChange.Found, "last"), (sightings.Current.Change, sightings.Current.Node.Name));
        var next = sightings.MoveNextAsync().AsTask();
        await Wait.NotYet(next);
        await last.DisposeAsync();
        _lan.Pass(2);
        Assert.True(await Wait.For(next));
        Assert.Equal((NodeChange.Gone, "last"), (sightings.Current.Change, sightings.Current.Node.Name));
    }

    [Fact]
    public async Task Nobody_asks_when_nobody_looks()
    {
        var station = _lan.NewStation();
        using var ending = new CancellationTokenSource();
        await using (var sightings = station.Discovery.BrowseAsync(NodeService.Signal, ending.Token).GetAsyncEnumerator(ending.Token))
        {
            var next = sightings.MoveNextAsync().AsTask();
            _lan.Pass(3);
            await ending.CancelAsync();
            var ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(next));
            Assert.Equal(ending.Token, ended.CancellationToken);
        }

        _lan.Pass(1);
        Assert.Equal(0, _lan.Clock.ArmedTimers);
    }
}
