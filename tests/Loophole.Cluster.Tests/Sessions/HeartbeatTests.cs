using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Sessions;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class HeartbeatTests
{
    [Theory]
    [InlineData(200, 25)]
    [InlineData(1_000, 125)]
    [InlineData(5_000, 500)]
    [InlineData(600_000, 500)]
    public void Who_is_lost_after_a_short_silence_says_something_more_often(int lostAfter, int period)
    {
        var beat = (int)Heartbeat.PeriodFor(TimeSpan.FromMilliseconds(lostAfter)).TotalMilliseconds;
        Assert.Equal(period, beat);
        Assert.True(HelloCommand.IsBeat(beat));
    }

    [Fact]
    public async Task Half_of_the_silence_is_suspect_and_all_of_it_is_the_end()
    {
        await using var network = new InMemoryTransport();
        await using var listener = await network.ListenAsync(new Uri("memory://peer"), Wait.Token);
        await using var near = await network.ConnectAsync(new Uri("memory://peer"), Wait.Token);
        await using var far = (await listener.AcceptAsync(Wait.Token))!;
        var time = new ManualTimeProvider();
        await using var control = new PipeControlChannel(near.Control, new PipeControlChannelOptions { Party = Party.Pulse }, null, time);
        await using var peer = new PipeControlChannel(far.Control, new PipeControlChannelOptions { Party = Party.Signal });
        var heard = new Heard();
        var reading = Task.WhenAll(control.RunAsync(heard, Wait.Token), peer.RunAsync(heard, Wait.Token));
        var suspicions = new List<bool>();
        var period = TimeSpan.FromSeconds(0.5);
        var beating = Heartbeat.RunAsync(control, Party.Signal, period, TimeSpan.FromSeconds(4), time, suspicions.Add, Wait.Token);
        await AdvanceAsync(5);
        Assert.Equal([true], suspicions);
        await peer.SendEventAsync(Party.Pulse, "client", "heartbeat", JsonDocument.Parse("{}").RootElement, Wait.Token);
        await Wait.Until(() => control.LastReceivedTimestamp == time.GetTimestamp(), "what was said");
        await AdvanceAsync(1);
        Assert.Equal([true, false], suspicions);
        await AdvanceAsync(8);
        Assert.Equal(TimeSpan.FromSeconds(4.5), await Wait.For(beating));
        Assert.Equal([true, false, true], suspicions);
        Assert.Equal(14, heard.Beats);
        await peer.DisposeAsync();
        await control.DisposeAsync();
        await Wait.For(Task.WhenAny(reading));

        async Task AdvanceAsync(int beats)
        {
            for (var beat = 0; beat < beats; beat++)
            {
                // Both the pause and the deadline of what was sent.
                await Wait.Until(() => time.ArmedTimers == 2, "the pause");
                var before = heard.Beats;
                time.Advance(period);
                await Wait.Until(() => heard.Beats > before || beating.IsCompleted, "the next beat");
            }
        }
    }

    private sealed class Heard : IControlHandler
    {
        private int _beats;

        public int Beats => Volatile.Read(ref _beats);

        public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken) => throw new ControlException("unknownName", "It answers nothing.");

        public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken)
        {
            if (envelope is { Origin: Party.Pulse, Name: "heartbeat" })
            {
                Interlocked.Increment(ref _beats);
            }

            return default;
        }
    }
}
