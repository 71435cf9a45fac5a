using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Links;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Signals;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Tests.Playback;

/// <summary>The guard sees whatever of this assembly, of links and of channels is used on the audio thread, and finds nothing in what is played.</summary>
public sealed class AudioThreadTests
{
    [Fact]
    public void It_is_on_in_these_tests() => Assert.True(AudioThread.IsGuarded);

    [Fact]
    public void A_bell_is_seen() => Trips("Bell 1: AsyncDoorbell", new AsyncDoorbell().Ring);

    [Fact]
    public void A_bell_that_somebody_waits_for_is_seen()
    {
        var bell = new AsyncDoorbell();
        var waiting = bell.WaitAsync();
        Trips("Bell 1: AsyncDoorbell", bell.Ring);
        Assert.True(waiting.IsCompleted);
    }

    [Fact]
    public void The_workers_bells_are_seen()
    {
        using var workers = new RenderWorkers(1, "idle", static () => false);
        Trips("Bell 1: RenderWorkers", workers.Ring);
    }

    [Fact]
    public void A_log_is_seen_and_so_is_the_question_whether_to_log()
    {
        var logger = GuardedLoggers.Of(NullLoggerFactory.Instance).CreateLogger("any");
        Trips("Log 1: a logger", () => ClusterLog.NodeJoined(logger, "node", new Uri("memory://node"), 1, 1));
    }

    [Fact]
    public async Task Whatever_is_written_into_a_link_is_seen()
    {
        await using var network = new InMemoryTransport();
        var listener = await network.ListenAsync(new Uri("memory://node"), Wait.Token);
        var accepting = listener.AcceptAsync(Wait.Token);
        await using var connection = await network.ConnectAsync(listener.LocalEndPoint, Wait.Token);
        await using var accepted = await accepting;
        await using var link = await connection.OpenAudioLinkAsync(Wait.Token);
        link.OpenStream(new AudioStream(1, 1, 1, 16, 0), StreamDirection.Send);
        Trips("Network 1: an audio link", () => link.TrySend(1, 0, new float[16]));
        Trips("Network 2: an audio link", () => link.GrantHorizon(1));
        Trips("Network 2: an audio link", () => link.FlushAsync().AsTask().GetAwaiter().GetResult());
        Trips("Network 1: a channel", () => connection.Control.Output.GetSpan(1));
        Trips("Network 1: a channel", () => connection.Control.Input.TryRead(out _));
    }

    [Fact]
    public async Task What_is_played_and_recorded_trips_nothing_from_the_first_call_on()
    {
        var ring = new FrameRing(2, 1_000, startFrame: 0);
        var sinks = new FakeSinks();
        using var sink = sinks.Create("out.wav", 2, 48_000);
        await using var recording = new Recording(sink, 2, 1_000, TimeProvider.System);
        var guarded = new GuardedCallback(new RecordedCallback(new OutputFeed(new EdgeFeed(ring), startFrame: 0), recording));
        var block = new float[2 * 100];
        for (var call = 0; call < 50; call++)
        {
            // In time, late, and too much for the disk.
            ring.Publish(Math.Max(ring.WriteFrame, call % 3 == 0 ? 0 : call * 100));
            guarded.Process(default, default, new AudioBuffer(block, 2, 100, 100));
        }

        Assert.Empty(guarded.Faults);
    }

    private static void Trips(string expected, Action act)
    {
        var guarded = new GuardedCallback(new Act(act));
        guarded.Process(default, default, default);
        Assert.Contains(expected, guarded.Faults);
    }

    private sealed class Act(Action act) : IAudioCallback
    {
        public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output) => act();
    }
}
