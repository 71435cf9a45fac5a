using System.Globalization;
using System.Net;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Discovery.Dns;
using Loophole.Cluster.Discovery.Multicast;
using Loophole.Cluster.Tests.Discovery.Support;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>Peers that send too much, or anything: nothing grows, nothing is thrown, and the others are found.</summary>
public sealed class FloodTests
{
    private readonly Lan _lan = new();

    [Fact]
    public async Task One_sender_of_many_names_fills_his_own_part_only()
    {
        var station = _lan.NewStation();
        var watcher = station.Watch();
        _lan.Pass(0.2);
        for (var i = 0; i < 10_000; i++)
        {
            _lan.Inject(RawPeer.Response(RawPeer.Node($"flood {i}", IPAddress.Parse("10.0.0.66"), host: $"h{i}")), RawPeer.At(66));
        }

        _lan.Pass(0.1);
        var names = new HashSet<string>();
        for (var i = 0; i < LinkBrowser.MaxOfOneSource; i++)
        {
            Assert.True(names.Add((await watcher.NextAsync(NodeChange.Found)).Name));
        }

        await watcher.NothingAsync();
        await _lan.NewStation().AdvertiseAsync("studio");
        _lan.Pass(3);
        Assert.Equal("studio", (await watcher.NextAsync(NodeChange.Found)).Name);
    }

    [Fact]
    public async Task Where_there_is_no_room_whoever_has_most_loses_one()
    {
        var station = _lan.NewStation();
        var watcher = station.Watch();
        _lan.Pass(0.2);
        for (var i = 0; i < LinkBrowser.MaxInstances; i++)
        {
            _lan.Inject(RawPeer.Response(RawPeer.Node($"flood {i}", IPAddress.Parse("10.0.0.66"), host: $"h{i}")), RawPeer.At(1000 + (i / LinkBrowser.MaxOfOneSource)));
        }

        _lan.Pass(0.1);
        for (var i = 0; i < LinkBrowser.MaxInstances; i++)
        {
            await watcher.NextAsync(NodeChange.Found);
        }

        await _lan.NewStation().AdvertiseAsync("studio");
        _lan.Pass(3);
        NodeSighting[] both = [await watcher.NextAsync(), await watcher.NextAsync()];
        Assert.Equal("studio", Assert.Single(both, one => one.Change == NodeChange.Found).Node.Name);
        Assert.Equal(NodeGoneReason.Crowded, Assert.Single(both, one => one.Change == NodeChange.Gone).Reason);
    }

    [Fact]
    public void Names_that_lead_nowhere_are_asked_for_a_bounded_number_of_times()
    {
        var station = _lan.NewStation();
        station.Watch();
        _lan.Pass(0.2);
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 1000; i++)
            {
                var name = RawPeer.Service.Child(string.Create(CultureInfo.InvariantCulture, $"{second} {i}"));
                _lan.Inject(RawPeer.Response(DnsRecord.Pointer(RawPeer.Service, name)), RawPeer.At(i));
            }

            _lan.Pass(1);
        }

        // Five times a second at the most, and what 64 questions fill.
        Assert.InRange(station.Sent.Count(), 1, 60 * 5 * 4);
    }

    [Fact]
    public async Task A_host_of_many_addresses_has_few()
    {
        var station = _lan.NewStation();
        var watcher = station.Watch();
        var node = RawPeer.Node("studio", IPAddress.Parse("10.0.1.0"));
        _lan.Inject(RawPeer.Response([.. node, .. Enumerable.Range(1, 60).Select(i => node[3] with { Data = new byte[] { 10, 0, 1, (byte)i } })]), RawPeer.At());
        _lan.Pass(1);
        Assert.Equal(2 * 8, (await watcher.NextAsync(NodeChange.Found)).EndPoints.Length);
    }

    /// <remarks><c>LOOPHOLE_HOSTILE_MUTATIONS</c> and <c>LOOPHOLE_HOSTILE_SEED</c> as in the tests of the protocol; a hundred thousand messages unless set.</remarks>
    [Fact]
    public async Task Whatever_is_sent_others_are_found()
    {
        var (count, seed) = (Number("LOOPHOLE_HOSTILE_MUTATIONS", 100_000), Number("LOOPHOLE_HOSTILE_SEED", 20263));
        var random = new Random(seed);
        var (station, other) = (_lan.NewStation(), _lan.NewStation());
        var watcher = station.Watch();
        await station.AdvertiseAsync("studio");
        await other.AdvertiseAsync("hall");
        _lan.Pass(5);
        string[] found = [(await watcher.NextAsync(NodeChange.Found)).Name, (await watcher.NextAsync(NodeChange.Found)).Name];
        Assert.Equal(["hall", "studio"], found.Order(StringComparer.Ordinal));

        byte[][] valid =
        [
            .. _lan.Sent.Select(message => message.Bytes),
            RawPeer.Response(RawPeer.Node("somebody", IPAddress.Parse("10.0.0.66"))),
            RawPeer.Query(RawPeer.Service, DnsType.Ptr, DnsRecord.Pointer(RawPeer.Service, RawPeer.Service.Child("studio"))),
        ];
        var allocated = 0L;
        for (var i = 0; i < count; i++)
        {
            var message = Next(valid, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                station.Agent.Receive(station.Link, message, RawPeer.At(1000 + (i % 400)));
            }
            catch (Exception thrown)
            {
                Assert.Fail($"seed {seed}, message {i} of {count}, {Convert.ToHexString(message)}: {thrown}");
            }

            var cost = GC.GetAllocatedBytesForCurrentThread() - before;
            allocated += cost;
            Assert.True(cost < 1 << 20, $"seed {seed}, message {i}: {cost} bytes allocated");
            if (i % 1000 == 0)
            {
                _lan.Pass(0.01);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} messages, seed {seed}: {allocated / count} bytes allocated for each");

        // Two that were there before still are, whatever was said of them; and one that comes now is found.
        _lan.Pass(10);
        await _lan.NewStation().AdvertiseAsync("late");
        _lan.Pass(10);
        var fresh = _lan.NewStation().Watch();
        _lan.Pass(5);
        var names = new HashSet<string> { (await fresh.NextAsync(NodeChange.Found)).Name, (await fresh.NextAsync(NodeChange.Found)).Name, (await fresh.NextAsync(NodeChange.Found)).Name };
        Assert.Contains("late", names);
        Assert.Contains(names, name => name.StartsWith("hall", StringComparison.Ordinal));
        Assert.Contains(names, name => name.StartsWith("studio", StringComparison.Ordinal));
        await SeesAsync(watcher, "late");
    }

    private static async Task SeesAsync(Watcher watcher, string name)
    {
        while (await watcher.NextAsync() is var sighting && (sighting.Change != NodeChange.Found || sighting.Node.Name != name))
        {
        }
    }

    private static byte[] Next(byte[][] valid, Random random)
    {
        var message = (byte[])valid[random.Next(valid.Length)].Clone();
        switch (random.Next(8))
        {
            case 0:
                message = new byte[random.Next(600)];
                random.NextBytes(message);
                break;
            case 1:
                message = message[..random.Next(message.Length)];
                break;
            case 2:
                message = [.. message, .. valid[random.Next(valid.Length)].AsSpan(12)];
                message[random.Next(4, 12)] = (byte)random.Next(256);
                break;
            default:
                for (var edits = random.Next(1, 5); edits > 0; edits--)
                {
                    var at = random.Next(message.Length);
                    message[at] = random.Next(3) switch
                    {
                        0 => (byte)(message[at] ^ (1 << random.Next(8))),
                        1 => (byte)(0xC0 | random.Next(4)),
                        _ => (byte)random.Next(256),
                    };
                }

                break;
        }

        return message;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
