using System.Net;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Discovery.Dns;
using Loophole.Cluster.Tests.Discovery.Support;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>How a node is told of, and how its name is defended.</summary>
public sealed class AdvertiseTests
{
    private readonly Lan _lan = new();

    [Fact]
    public async Task A_name_is_asked_for_three_times_and_told_twice()
    {
        var station = _lan.NewStation();
        var advertisement = await station.AdvertiseAsync("studio");
        _lan.Pass(5);
        var sent = station.Sent.ToList();
        Assert.Equal([false, false, false, true, true], sent.Select(message => message.IsResponse));
        Assert.All(sent.Take(3), probe => Assert.Equal("Any studio._loophole-signal._tcp.local.", probe.Questions[0]));
        Assert.All(sent.Take(3), probe => Assert.Equal(["Srv", "Txt", "A"], probe.Records(DnsSection.Authorities).Select(record => record.Split(' ')[0])));
        Assert.InRange(sent[0].At.TotalSeconds, 0, 0.25);
        Assert.Equal([0.25, 0.25, 0.25, 1], sent.Zip(sent.Skip(1), (first, second) => Math.Round((second.At - first.At).TotalSeconds, 2)));
        var told = sent[3].Records(DnsSection.Answers);
        Assert.Equal(["Ptr", "Ptr", "Srv", "Txt", "A"], told.Select(record => record.Split(' ')[0]));
        Assert.Equal(["4500", "4500", "120", "4500", "120"], told.Select(record => record.Split(' ')[^1]));
        Assert.Equal("studio", advertisement.Name);
    }

    [Fact]
    public async Task Of_two_that_ask_for_a_name_at_once_one_gets_it_and_both_are_found()
    {
        for (var round = 0; round < 20; round++)
        {
            var lan = new Lan();
            var (first, second, third) = (lan.NewStation(), lan.NewStation(), lan.NewStation());
            var watcher = third.Watch();
            INodeAdvertisement[] all = [await first.AdvertiseAsync("studio"), await second.AdvertiseAsync("studio")];
            lan.Pass(6);
            Assert.Equal(["studio", "studio (2)"], all.Select(one => one.Name).Order(StringComparer.Ordinal));
            string[] found = [(await watcher.NextAsync(NodeChange.Found)).Name, (await watcher.NextAsync(NodeChange.Found)).Name];
            Assert.Equal(["studio", "studio (2)"], found.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Whoever_has_the_lesser_records_waits_for_a_second()
    {
        var station = _lan.NewStation();
        var advertisement = await station.AdvertiseAsync("studio");
        _lan.Pass(0.4);
        var greater = new DnsWriter();
        greater.Begin(isResponse: false);
        greater.TryAsk(RawPeer.Service.Child("studio"), DnsType.Any);
        greater.TryWrite(DnsRecord.Service(RawPeer.Service.Child("studio"), 65535, ServiceNames.Local.Child("zzz")), DnsSection.Authorities);
        var before = station.Sent.Count();
        _lan.Inject(greater.Message.ToArray(), RawPeer.At());
        _lan.Pass(0.99);
        Assert.Equal(before, station.Sent.Count());
        _lan.Pass(0.1);
        Assert.False(station.Sent.Last().IsResponse);
        _lan.Pass(1);
        Assert.Equal("studio", advertisement.Name);
    }

    [Fact]
    public async Task Whoever_comes_later_gets_a_number()
    {
        var first = await _lan.NewStation().AdvertiseAsync("studio");
        _lan.Pass(3);
        var second = await _lan.NewStation().AdvertiseAsync("STUDIO");
        _lan.Pass(3);
        var third = await _lan.NewStation().AdvertiseAsync("studio");
        _lan.Pass(5);
        Assert.Equal(["studio", "STUDIO (2)", "studio (3)"], [first.Name, second.Name, third.Name]);
    }

    [Fact]
    public async Task A_long_name_is_cut_between_characters_and_keeps_its_number()
    {
        var name = string.Concat(Enumerable.Repeat("ü", 64));
        var first = await _lan.NewStation().AdvertiseAsync(name);
        _lan.Pass(3);
        var second = await _lan.NewStation().AdvertiseAsync(name);
        _lan.Pass(3);
        Assert.Equal(new string('ü', 31), first.Name);
        Assert.Equal(new string('ü', 29) + " (2)", second.Name);
    }

    [Fact]
    public async Task A_name_that_is_told_by_somebody_else_is_asked_for_anew_and_given_up_when_he_stays()
    {
        var station = _lan.NewStation();
        var advertisement = await station.AdvertiseAsync("studio");
        _lan.Pass(3);
        var other = RawPeer.Response(RawPeer.Node("studio", IPAddress.Parse("10.0.0.99")));
        var before = station.Sent.Count();
        _lan.Inject(other, RawPeer.At());
        _lan.Pass(0.3);
        Assert.Contains(station.Sent.Skip(before), message => message.Questions.Contains("Any studio._loophole-signal._tcp.local."));
        Assert.Equal("studio", advertisement.Name);
        _lan.Inject(other, RawPeer.At());
        _lan.Pass(3);
        Assert.Equal("studio (2)", advertisement.Name);
    }

    [Fact]
    public async Task Somebody_who_wants_every_name_is_not_answered_ever_faster()
    {
        var station = _lan.NewStation();
        var advertisement = await station.AdvertiseAsync("studio");
        for (var step = 0; step < 1200; step++)
        {
            _lan.Pass(0.05);
            _lan.Inject(RawPeer.Response(RawPeer.Node(advertisement.Name, IPAddress.Parse("10.0.0.99"))), RawPeer.At());
        }

        // A minute: fifteen at once, and one each five seconds from then on.
        Assert.InRange(station.Sent.Count(message => !message.IsResponse), 20, 60);
        _lan.Pass(10);
        Assert.StartsWith("studio (", advertisement.Name, StringComparison.Ordinal);
        Assert.True(station.Sent.Last().IsResponse);
    }

    [Fact]
    public async Task A_question_is_answered_with_all_that_one_would_ask_next()
    {
        var station = await SettledAsync();
        _lan.Inject(RawPeer.Query(RawPeer.Service, DnsType.Ptr), RawPeer.At());
        _lan.Pass(0.2);
        var answer = Assert.Single(station.Responses.Skip(2));
        Assert.Null(answer.To);
        Assert.Equal("Ptr _loophole-signal._tcp.local. 4500", Assert.Single(answer.Records(DnsSection.Answers)));
        Assert.Equal(["Srv", "Txt", "A", "Nsec"], answer.Records(DnsSection.Additionals).Select(record => record.Split(' ')[0]));
    }

    [Fact]
    public async Task Services_can_be_asked_for_in_general()
    {
        var station = await SettledAsync();
        _lan.Inject(RawPeer.Query(ServiceNames.All, DnsType.Ptr), RawPeer.At());
        _lan.Pass(0.2);
        Assert.Equal("Ptr _services._dns-sd._udp.local. 4500", Assert.Single(Assert.Single(station.Responses.Skip(2)).Records(DnsSection.Answers)));
    }

    [Fact]
    public async Task What_the_asker_knows_is_not_answered()
    {
        var station = await SettledAsync();
        var known = DnsRecord.Pointer(RawPeer.Service, RawPeer.Service.Child("studio"));
        _lan.Inject(RawPeer.Query(RawPeer.Service, DnsType.Ptr, known with { TimeToLive = 2250 }), RawPeer.At());
        _lan.Pass(2);
        Assert.Equal(2, station.Responses.Count());
        _lan.Inject(RawPeer.Query(RawPeer.Service, DnsType.Ptr, known with { TimeToLive = 2249 }), RawPeer.At());
        _lan.Pass(2);
        Assert.Equal(3, station.Responses.Count());
    }

    [Fact]
    public async Task What_the_asker_says_afterwards_that_it_knows_is_not_answered_either()
    {
        var station = await SettledAsync();
        _lan.Inject(RawPeer.Truncated(RawPeer.Query(RawPeer.Service, DnsType.Ptr)), RawPeer.At());
        _lan.Pass(0.3);
        Assert.Equal(2, station.Responses.Count());
        _lan.Inject(RawPeer.Known(DnsRecord.Pointer(RawPeer.Service, RawPeer.Service.Child("studio"))), RawPeer.At());
        _lan.Pass(2);
        Assert.Equal(2, station.Responses.Count());

        // What another one knows is nothing to it.
        _lan.Inject(RawPeer.Truncated(RawPeer.Query(RawPeer.Service, DnsType.Ptr)), RawPeer.At());
        _lan.Pass(0.3);
        _lan.Inject(RawPeer.Known(DnsRecord.Pointer(RawPeer.Service, RawPeer.Service.Child("studio"))), RawPeer.At(201));
        _lan.Pass(2);
        Assert.Equal(3, station.Responses.Count());
    }

    [Fact]
    public async Task An_asker_who_wants_it_is_answered_alone()
    {
        var station = await SettledAsync();
        _lan.Inject(RawPeer.ByUnicast(RawPeer.Query(RawPeer.Service, DnsType.Ptr)), RawPeer.At());
        _lan.Pass(0.2);
        Assert.Equal(RawPeer.At(), Assert.Single(station.Responses.Skip(2)).To);

        // All are told when they have not heard it for long.
        _lan.Pass(1200);
        _lan.Inject(RawPeer.ByUnicast(RawPeer.Query(RawPeer.Service, DnsType.Ptr)), RawPeer.At());
        _lan.Pass(0.2);
        Assert.Null(Assert.Single(station.Responses.Skip(3)).To);
    }

    [Fact]
    public async Task Who_asks_again_and_again_is_answered_once_a_second()
    {
        var station = await SettledAsync();
        for (var i = 0; i < 1000; i++)
        {
            _lan.Inject(RawPeer.Query(RawPeer.Service, DnsType.Ptr), RawPeer.At(i));
            _lan.Pass(0.01);
        }

        _lan.Pass(2);
        Assert.InRange(station.Responses.Count() - 2, 10, 12);
    }

    [Fact]
    public async Task Who_asks_from_another_port_is_not_answered()
    {
        var station = await SettledAsync();
        _lan.Inject(RawPeer.Query(RawPeer.Service, DnsType.Ptr), RawPeer.At(port: 40000));
        _lan.Pass(2);
        Assert.Equal(2, station.Responses.Count());
    }

    [Fact]
    public async Task What_a_name_has_not_is_said()
    {
        var station = await SettledAsync();
        _lan.Inject(RawPeer.Query(RawPeer.Service.Child("studio"), DnsType.A), RawPeer.At());
        _lan.Pass(0.1);
        Assert.Equal("Nsec studio._loophole-signal._tcp.local. 120", Assert.Single(Assert.Single(station.Responses.Skip(2)).Records(DnsSection.Answers)));
    }

    [Fact]
    public async Task A_probe_for_its_name_is_answered_at_once()
    {
        var station = await SettledAsync();
        for (var i = 0; i < 2; i++)
        {
            var probe = new DnsWriter();
            probe.Begin(isResponse: false);
            probe.TryAsk(RawPeer.Service.Child("studio"), DnsType.Any);
            probe.TryWrite(DnsRecord.Service(RawPeer.Service.Child("studio"), 1, ServiceNames.Local.Child("zzz")), DnsSection.Authorities);
            _lan.Inject(probe.Message.ToArray(), RawPeer.At());
            _lan.Pass(0.25);
        }

        Assert.InRange(station.Responses.Count() - 2, 2, 3);
        Assert.All(station.Responses.Skip(2), answer => Assert.Contains(answer.Records(DnsSection.Answers), record => record.StartsWith("Srv studio.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_takes_back_what_it_said_when_it_leaves()
    {
        var station = _lan.NewStation();
        var advertisement = await station.AdvertiseAsync("studio");
        _lan.Pass(3);
        await advertisement.DisposeAsync();
        await advertisement.DisposeAsync();
        var goodbye = Assert.Single(station.Responses.Skip(2));
        Assert.Equal(["Ptr", "Srv", "Txt", "A"], goodbye.Records(DnsSection.Answers).Select(record => record.Split(' ')[0]));
        Assert.All(goodbye.Records(DnsSection.Answers), record => Assert.EndsWith(" 0", record, StringComparison.Ordinal));
        _lan.Inject(RawPeer.Query(RawPeer.Service, DnsType.Ptr), RawPeer.At());
        _lan.Pass(5);
        Assert.Equal(3, station.Responses.Count());
    }

    [Fact]
    public async Task Who_leaves_before_anybody_was_told_says_nothing()
    {
        var station = _lan.NewStation();
        await using (await station.AdvertiseAsync("studio"))
        {
            _lan.Pass(0.3);
        }

        _lan.Pass(5);
        Assert.Empty(station.Responses);
    }

    [Fact]
    public async Task Disposal_takes_back_everything_and_ends_everything()
    {
        var station = _lan.NewStation();
        var watcher = station.Watch();
        await station.AdvertiseAsync("first");
        await station.AdvertiseAsync("second");
        _lan.Pass(3);
        await watcher.NextAsync(NodeChange.Found);
        await watcher.NextAsync(NodeChange.Found);
        await station.Discovery.DisposeAsync();
        await station.Discovery.DisposeAsync();
        Assert.Equal(2, station.Responses.Count(message => message.Records(DnsSection.Answers).Any(record => record.EndsWith(" 0", StringComparison.Ordinal))));
        await watcher.EndAsync();
        _lan.Pass(1);
        Assert.Equal(0, _lan.Clock.ArmedTimers);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => station.AdvertiseAsync("third"));
    }

    [Fact]
    public async Task Where_it_does_not_listen_nobody_is_told()
    {
        var station = _lan.NewStation();
        var node = Station.Signal("studio") with { EndPoints = [new Uri("tcp://127.0.0.1:9000")] };
        await station.Discovery.AdvertiseAsync(node, Wait.Token);
        _lan.Pass(5);
        Assert.Empty(station.Sent);

        station.Agent.ChangeAddresses(station.Link, [IPAddress.Loopback]);
        _lan.Pass(5);
        Assert.Equal(2, station.Responses.Count());
    }

    private async Task<Station> SettledAsync()
    {
        var station = _lan.NewStation();
        await station.AdvertiseAsync("studio");
        _lan.Pass(10);
        Assert.Equal(2, station.Responses.Count());
        return station;
    }
}
