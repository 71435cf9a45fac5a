using System.Net;
using System.Runtime.InteropServices;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Simulation;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Playback;

/// <summary>What the network may do without being heard, on a clock that stands until everything has settled; and what is heard when it does more, over real sockets.</summary>
public sealed class JitterTests
{
    private const int Rate = 48_000;
    private const int Lead = Rate / 10;
    private const int Blocks = 150;

    /// <summary>A block of the device, which is also how often the host looks at its playhead.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    // Both ways together: 90 ms are the lead less a block.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(40, 50)]
    [InlineData(90, 0)]
    [InlineData(0, 90)]
    public async Task A_delay_below_the_lead_less_a_block_is_not_heard(int there, int back)
    {
        var (result, heard) = await PlayAsync(new Way(there), new Way(back));
        Assert.Equal((0L, 0L), (result.LateBlocks, result.MissingFrames));
        Assert.Equal(await Stage.ReferenceAsync(result.Frames), heard);
    }

    [Fact]
    public async Task A_delay_of_the_whole_lead_is_late_and_nothing_else()
    {
        var (result, heard) = await PlayAsync(new Way(50), new Way(50));
        Assert.True(result.LateBlocks > Blocks / 2, $"Only {result.LateBlocks} blocks were late.");
        AssertOnlyLate(result, heard, await Stage.ReferenceAsync(result.Frames));
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(40, 50)]
    [InlineData(50, 50)]
    public async Task How_far_ahead_it_comes_is_what_the_way_leaves_of_the_lead(int there, int back)
    {
        var delay = there + back;
        NodeTelemetry? host = null, satellite = null;
        // The host tells at the first second, and what it has told is known of the satellite at the second one at the latest.
        await PlayAsync(new Way(there), new Way(back), blocks: 250, look: async stage =>
        {
            await Wait.Until(() => stage.Satellite is { Links.IsEmpty: false } && stage.Host is { Links.IsEmpty: false }, $"what the host tells of its links: {stage.Satellite}, {stage.Host}");
            (host, satellite) = (stage.Host, stage.Satellite);
        });
        Assert.NotEmpty(satellite!.Links);
        Assert.All(satellite.Links, link =>
        {
            Assert.Equal((Lead - Stage.DeviceBlock - (delay * Rate / 1_000), Lead), (link.MarginFrames, link.MostFrames));
            Assert.Equal(link.MarginFrames < 0, link.LateBlocks > 0);
            Assert.InRange(link.BlocksReceived, 90 * Stage.DeviceBlock / Stage.GridBlock, 5 * 270 * Stage.DeviceBlock / Stage.GridBlock);
            Assert.Equal(link.BlocksReceived * Stage.GridBlock * 2 * sizeof(float), link.BytesReceived);
            Assert.Equal(link.MarginFrames >= Lead / 4, link.Reason.Length == 0);
            Assert.InRange(link.CheckpointAgeFrames, -Lead, 2 * 10 * Stage.GridBlock);
        });
        // The master, which is what is heard, is rendered on the host.
        Assert.Equal(delay >= 100, host!.Links.Sum(link => link.ConcealedFrames) > 0);
        Assert.All(host.Links, link => Assert.Equal(satellite.Links.Length, link.BlocksSent * Stage.GridBlock * 2 * sizeof(float) * satellite.Links.Length / link.BytesSent));
    }

    [Fact]
    public async Task Jitter_up_to_the_lead_less_a_block_is_not_heard()
    {
        var (result, heard) = await PlayAsync(new Way(40, least: 0), new Way(50, least: 0));
        Assert.Equal((0L, 0L), (result.LateBlocks, result.MissingFrames));
        Assert.Equal(await Stage.ReferenceAsync(result.Frames), heard);
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(0, 50)]
    public async Task A_stall_of_half_the_lead_is_not_heard(int there, int back)
    {
        var (result, heard) = await PlayAsync(new Way(0, stall: there), new Way(0, stall: back));
        Assert.Equal((0L, 0L), (result.LateBlocks, result.MissingFrames));
        Assert.Equal(await Stage.ReferenceAsync(result.Frames), heard);
    }

    [Fact]
    public async Task A_stall_beyond_the_lead_is_late_once_and_then_in_time_again()
    {
        var (result, heard) = await PlayAsync(new Way(0), new Way(0, stall: 150));
        // Of the fifteen blocks that it lasts, nine were there and the last one comes with its end.
        Assert.Equal(5, result.LateBlocks);
        var reference = await Stage.ReferenceAsync(result.Frames);
        AssertOnlyLate(result, heard, reference);
        Assert.Equal(reference[^(Blocks / 2 * Stage.DeviceBlock)..], heard[^(Blocks / 2 * Stage.DeviceBlock)..]);
    }

    [Fact]
    public async Task A_way_longer_than_the_lead_makes_the_lead_longer_until_nothing_is_late()
    {
        var (result, heard) = await PlayAsync(new Way(60), new Way(60), 5 * Lead);
        Assert.InRange(result.LateBlocks, 1, Blocks / 3);
        var reference = await Stage.ReferenceAsync(result.Frames);
        AssertOnlyLate(result, heard, reference);
        Assert.Equal(reference[^(Blocks / 2 * Stage.DeviceBlock)..], heard[^(Blocks / 2 * Stage.DeviceBlock)..]);
    }

    [Fact]
    public async Task Over_real_sockets_what_comes_too_late_is_late_and_nothing_else()
    {
        await using var pulse = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        await using var host = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        await using var satellite = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true });
        ImpairmentRelay? relay = null;
        try
        {
            await using var stage = await Stage.StartAsync(
                Stage.Request(Lead), pulse, host, satellite, static _ => new Uri("tcp://127.0.0.1:0"), endPoint => (relay = new ImpairmentRelay(IPEndPoint.Parse(endPoint.Authority))).Through(endPoint), TimeProvider.System);
            relay!.ToClient.Conditions = relay.ToTarget.Conditions = new LinkConditions { Delay = DelayDistribution.Uniform(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)), SegmentBytes = 700 };
            var random = new Random(1);
            var calls = 0;
            for (var burst = 0; burst < 40; burst++)
            {
                // Now and then more at once than can be ahead; in between, often before all of it has come back.
                var blocks = burst % 10 == 9 ? 15 : random.Next(1, 12);
                stage.Device.Call(blocks);
                calls += blocks;
                await Wait.Until(() => stage.Last!.RenderFrame == (long)calls * Stage.DeviceBlock && stage.Last.AheadFrames > random.Next(Lead / 2), $"something ahead after {calls} calls");
            }

            var result = await stage.StopAsync();
            Assert.True(result.LateBlocks >= 4, $"Only {result.LateBlocks} blocks were late.");
            AssertOnlyLate(result, [.. stage.Device.Heard], await Stage.ReferenceAsync(result.Frames));
        }
        finally
        {
            if (relay is not null)
            {
                await relay.DisposeAsync();
            }
        }
    }

    [Fact]
    public void The_check_of_what_was_heard_finds_what_is_doubled_swapped_or_loud_in_a_gap()
    {
        var reference = Enumerable.Range(0, 1_000).Select(frame => 0.1f + (frame * 1e-4f)).ToArray();
        Assert.Equal((0L, 0L), Count(reference));
        Assert.Equal((100L, 1L), Count([.. reference[..200], .. Enumerable.Range(1, 100).Select(step => step < 64 ? reference[199] * (64 - step) / 64 : 0), .. Enumerable.Range(300, 700).Select(frame => frame < 364 ? reference[frame] * ((frame - 299) / 64f) : reference[frame])]));
        Assert.ThrowsAny<Exception>(() => Count([.. reference[..200], .. reference[100..900]]));
        Assert.ThrowsAny<Exception>(() => Count([.. reference[..200], .. reference[300..400], .. reference[200..300], .. reference[400..]]));
        Assert.ThrowsAny<Exception>(() => Count([.. reference[..200], .. new float[100], .. reference[300..]]));

        (long, long) Count(float[] heard)
        {
            var check = HeardCheck.Of(heard, reference, 1, 100);
            return (check.MissingFrames, check.LateBlocks);
        }
    }

    private static void AssertOnlyLate(PlayResult result, float[] heard, float[] reference)
    {
        var check = HeardCheck.Of(heard, reference, result.AudioChannels, Stage.DeviceBlock);
        Assert.Equal((result.LateBlocks, result.MissingFrames), (check.LateBlocks, check.MissingFrames));
    }

    /// <summary>Plays on a simulated network: after every step of the clock it is waited for all that can have arrived by then, and only then the device calls.</summary>
    private static async Task<(PlayResult Result, float[] Heard)> PlayAsync(Way there, Way back, int? mostLead = null, int blocks = Blocks, Func<Stage, Task>? look = null)
    {
        var time = new ManualTimeProvider();
        await using var network = new SimulatedNetwork(timeProvider: time);
        LinkWatch fromHost = null!, fromSatellite = null!;
        var host = new WatchedTransport(network.Place("host"), link => fromHost = new LinkWatch(link, time));
        var satellite = new WatchedTransport(network.Place("satellite"), link => fromSatellite = new LinkWatch(link, time));
        await using var stage = await Stage.StartAsync(Stage.Request(Lead, mostLead), network, host, satellite, static role => new Uri($"sim://{role}:1"), static endPoint => endPoint, time);
        var feed = (OutputFeed)((TimedCallback)((GuardedCallback)stage.Device.Callback).Callback).Callback;
        network.Link("host", "satellite").Conditions = there.Conditions;
        network.Link("satellite", "host").Conditions = back.Conditions;
        var began = time.GetTimestamp();
        for (var block = 0L; block < blocks; block++)
        {
            // What the host may grant has left; what was granted long enough ago was answered; what was answered long enough ago is here.
            var now = time.GetTimestamp();
            await Wait.Until(() => fromHost.HorizonAt(now) >= (block * Stage.DeviceBlock) + Lead, $"the horizon at block {block}");
            var reachedSatellite = fromHost.HorizonAt(there.Arrived(now));
            await Wait.Until(() => fromSatellite.Sent >= reachedSatellite, $"the satellite's audio up to {reachedSatellite} at block {block}");
            var reachedHost = fromHost.HorizonAt(there.Arrived(back.Arrived(now)));
            await Wait.Until(() => feed.Reached >= reachedHost, $"the audio up to {reachedHost} at block {block}");
            stage.Device.Call(1);
            if (block == Blocks / 4)
            {
                there.ApplyStall(network.Link("host", "satellite"), now);
                back.ApplyStall(network.Link("satellite", "host"), now);
            }

            time.Advance(Step);
        }

        Assert.Equal(blocks * Step.Ticks, time.GetTimestamp() - began);
        await (look?.Invoke(stage) ?? Task.CompletedTask);
        var result = await stage.StopAsync();
        return (result, [.. CollectionsMarshal.AsSpan(stage.Device.Heard)]);
    }

    /// <summary>One direction between host and satellite, in milliseconds.</summary>
    private sealed class Way(int delay, int? least = null, int stall = 0)
    {
        private readonly long _delay = TimeSpan.FromMilliseconds(delay).Ticks;
        private readonly long _stall = TimeSpan.FromMilliseconds(stall).Ticks;
        private long _stalledAt = long.MaxValue;

        public LinkConditions Conditions => new() { Delay = DelayDistribution.Uniform(TimeSpan.FromMilliseconds(least ?? delay), TimeSpan.FromMilliseconds(delay)) };

        /// <summary>What left at this time or before it has arrived at another.</summary>
        public long Arrived(long timestamp) => (timestamp >= _stalledAt && timestamp - _stall < _stalledAt ? _stalledAt : timestamp) - _delay;

        public void ApplyStall(ImpairedLink link, long timestamp)
        {
            if (_stall > 0)
            {
                _stalledAt = timestamp;
                link.Apply(Fault.Stall(TimeSpan.FromTicks(_stall)));
            }
        }
    }
}
