using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Tests.Control;

public sealed class PipeControlChannelTests : IAsyncLifetime
{
    private readonly CountingMemoryPool _pool = new();
    private readonly ManualTimeProvider _time = new();
    private MemoryScene _scene = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _scene = await MemoryScene.StartAsync(_pool);

    public async ValueTask DisposeAsync()
    {
        await _scene.DisposeAsync();
        await Wait.Until(() => _pool.Outstanding == 0);
    }

    [Fact]
    public async Task Many_requests_at_once_get_their_own_answers_in_order_of_arrival()
    {
        await using var pair = Start(new Handler((c, _) => ValueTask.FromResult(c.Payload)));
        var answers = Enumerable.Range(0, 500).Select(async i =>
        {
            var answer = await pair.Pulse.RequestAsync(Party.Signal, "cluster", "echo", Json($"{{\"i\":{i}}}"), Token);
            Assert.Equal(i, answer.Payload.GetProperty("i").GetInt32());
            Assert.Equal((Party.Signal, Party.Pulse, EnvelopeKind.Response), (answer.Origin, answer.Target, answer.Kind));
        });
        await Wait.For(Task.WhenAll(answers));
    }

    [Fact]
    public async Task A_handler_refuses_with_code_message_and_details()
    {
        await using var pair = Start(new Handler((_, _) => throw new ControlException("noRoom", "Full.", Json("""{"free":0}"""))));
        var refused = await Assert.ThrowsAsync<ControlException>(() => Wait.For(pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token)));
        Assert.Equal(("noRoom", "Full.", "{\"free\":0}"), (refused.Code, refused.Message, refused.Details?.GetRawText()));
    }

    [Fact]
    public async Task A_handler_that_fails_tells_the_peer_nothing_of_why()
    {
        await using var pair = Start(new Handler((_, _) => throw new InvalidDataException("a secret path")));
        var refused = await Assert.ThrowsAsync<ControlException>(() => Wait.For(pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token)));
        Assert.Equal("internal", refused.Code);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_an_answer_times_out_by_the_clock_and_a_late_answer_is_ignored()
    {
        var release = new TaskCompletionSource();
        await using var pair = Start(new Handler(async (c, _) =>
        {
            await release.Task;
            return c.Payload;
        }));
        var request = pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token);
        await Wait.Until(() => _time.ArmedTimers > 0);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(request.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("timeout", (await Assert.ThrowsAsync<ControlException>(() => Wait.For(request))).Code);
        release.SetResult();
        await Wait.For(pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token));
    }

    [Fact]
    public async Task A_callers_token_stops_its_wait_only()
    {
        var release = new TaskCompletionSource();
        await using var pair = Start(new Handler(async (c, _) =>
        {
            await release.Task;
            return c.Payload;
        }));
        using var own = new CancellationTokenSource();
        var request = pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), own.Token);
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(request));
        release.SetResult();
        await Wait.For(pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token));
    }

    [Fact]
    public async Task A_handler_may_ask_back_over_the_same_channel()
    {
        await using var pair = Start();
        pair.Signal.Run(new Handler(async (c, ct) => (await pair.Signal.Channel.RequestAsync(Party.Pulse, "cluster", "more", c.Payload, ct)).Payload));
        pair.PulseEnd.Run(new Handler((c, _) => ValueTask.FromResult(Json($"{{\"got\":{c.Payload.GetRawText()}}}"))));
        var answer = await Wait.For(pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("""{"x":1}"""), Token));
        Assert.Equal("""{"got":{"x":1}}""", answer.Payload.GetRawText());
    }

    [Fact]
    public async Task Commands_and_events_reach_the_handler_one_by_one_in_order()
    {
        var seen = new List<string>();
        var inside = 0;
        await using var pair = Start(new Handler(
            async (c, _) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                await Task.Yield();
                seen.Add(c.Name);
                Interlocked.Decrement(ref inside);
                return c.Payload;
            },
            e =>
            {
                Assert.Equal(0, inside);
                seen.Add(e.Name);
                return e.Name == "bad" ? throw new InvalidDataException("logged only") : ValueTask.CompletedTask;
            }));
        var first = pair.Pulse.RequestAsync(Party.Signal, "cluster", "one", Json("{}"), Token);
        await Wait.For(pair.Pulse.SendEventAsync(Party.Signal, "cluster", "bad", Json("{}"), Token));
        var last = pair.Pulse.RequestAsync(Party.Signal, "cluster", "three", Json("{}"), Token);
        await Wait.For(Task.WhenAll(first, last));
        Assert.Equal(["one", "bad", "three"], seen);
    }

    [Fact]
    public async Task A_lost_connection_fails_what_is_pending_and_all_that_follows()
    {
        var entered = new TaskCompletionSource();
        await using var pair = Start(new Handler(async (c, ct) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, ct);
            return c.Payload;
        }));
        var request = pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token);
        await Wait.For(entered.Task);
        _scene.Far.Abort("test");
        Assert.Equal("connectionLost", (await Assert.ThrowsAsync<ControlException>(() => Wait.For(request))).Code);
        Assert.Equal("connectionLost", (await Assert.ThrowsAsync<ControlException>(
            () => Wait.For(pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token)))).Code);
        await Assert.ThrowsAsync<ControlException>(() => Wait.For(pair.Pulse.SendEventAsync(Party.Signal, "cluster", "x", Json("{}"), Token)));
        Assert.Equal(TransportError.PeerReset, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(pair.PulseEnd.Running))).Error);
        Assert.Equal(TransportError.Aborted, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(pair.Signal.Running))).Error);
    }

    [Fact]
    public async Task A_peer_that_ends_in_good_order_ends_the_loop_in_good_order()
    {
        await using var pair = Start(new Handler((c, _) => ValueTask.FromResult(c.Payload)));
        await Wait.For(_scene.Far.Control.DisposeAsync());
        await Wait.For(pair.PulseEnd.Running);
        await pair.Pulse.DisposeAsync();
        await pair.Pulse.DisposeAsync();
    }

    [Fact]
    public async Task A_bad_envelope_is_answered_and_the_connection_goes_on()
    {
        await using var pair = Start(new Handler((c, _) => ValueTask.FromResult(c.Payload)));
        var heard = _scene.Near.Control;
        await pair.PulseEnd.StopAsync();
        foreach (var (json, code) in ((string, string)[])
            [(Command("a").Replace("\"v\":1", "\"v\":7", StringComparison.Ordinal), "unsupportedVersion"), (Command("b").Replace("command", "wish", StringComparison.Ordinal), "badEnvelope")])
        {
            await heard.Output.WriteAsync(EnvelopeCodecTests.Frame(json), Token);
            var answer = await ReadAsync(heard);
            Assert.Equal((EnvelopeKind.Error, code, "deploy"), (answer.Kind, answer.Error!.Code, answer.Name));
            Assert.Equal(json[json.IndexOf("id\":\"", StringComparison.Ordinal) + 5].ToString(), answer.CommandId);
        }

        // An answer nobody asked for, and a bad answer, are not answered.
        await heard.Output.WriteAsync(EnvelopeCodecTests.Frame(Command("c").Replace("command", "response", StringComparison.Ordinal).Replace("\"cid\":null", "\"cid\":\"99\"", StringComparison.Ordinal)), Token);
        await heard.Output.WriteAsync(EnvelopeCodecTests.Frame(Command("d").Replace("command", "response", StringComparison.Ordinal)), Token);
        await heard.Output.WriteAsync(EnvelopeCodecTests.Frame(Command("e")), Token);
        Assert.Equal("e", (await ReadAsync(heard)).CommandId);
    }

    [Fact]
    public async Task What_is_no_envelope_ends_the_channel()
    {
        await using var pair = Start(new Handler((c, _) => ValueTask.FromResult(c.Payload)));
        await pair.PulseEnd.StopAsync();
        await _scene.Near.Control.Output.WriteAsync(new byte[] { 3, 0, 0, 0, (byte)'n', (byte)'u', (byte)'l' }, Token);
        Assert.Equal(EnvelopeFault.NotJson, (await Assert.ThrowsAsync<EnvelopeException>(() => Wait.For(pair.Signal.Running))).Fault);
        await Wait.For(_scene.Near.Control.Closed);
    }

    [Fact]
    public async Task A_full_queue_answers_busy_and_too_many_pending_requests_are_refused_here()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var pair = Start(
            new Handler(async (c, ct) =>
            {
                entered.TrySetResult();
                await release.Task.WaitAsync(ct);
                return c.Payload;
            }),
            maxQueued: 2, maxPending: 3);
        Task<Envelope> Ask() => pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token);
        var inHandler = Ask();
        await Wait.For(entered.Task);
        Task<Envelope>[] queued = [Ask(), Ask()];
        var here = await Assert.ThrowsAsync<ControlException>(() => Wait.For(Ask()));
        Assert.Equal(("busy", "3 requests are pending."), (here.Code, here.Message));

        await pair.Pulse.SendEventAsync(Party.Signal, "cluster", "tooMany", Json("{}"), Token);
        var overrun = await Assert.ThrowsAsync<TransportException>(() => Wait.For(pair.Signal.Running));
        Assert.Equal(TransportError.ProtocolViolation, overrun.Error);
        Assert.Equal("connectionLost", (await Assert.ThrowsAsync<ControlException>(() => Wait.For(inHandler))).Code);
        Assert.Equal("connectionLost", (await Assert.ThrowsAsync<ControlException>(() => Wait.For(queued[1]))).Code);
    }

    [Fact]
    public async Task A_command_that_finds_the_queue_full_is_answered_busy_while_the_handler_waits()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var pair = Start(
            new Handler(async (c, ct) =>
            {
                entered.TrySetResult();
                await release.Task.WaitAsync(ct);
                return c.Payload;
            }),
            maxQueued: 1);
        Task<Envelope> Ask() => pair.Pulse.RequestAsync(Party.Signal, "cluster", "deploy", Json("{}"), Token);
        var inHandler = Ask();
        await Wait.For(entered.Task);
        var queued = Ask();
        var there = await Assert.ThrowsAsync<ControlException>(() => Wait.For(Ask()));
        Assert.Equal(("busy", "Too many commands wait."), (there.Code, there.Message));
        release.SetResult();
        await Wait.For(Task.WhenAll(inHandler, queued));
    }

    [Fact]
    public async Task The_time_of_the_last_arrival_is_known()
    {
        await using var pair = Start(new Handler((c, _) => ValueTask.FromResult(c.Payload)));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, pair.Pulse.LastReceivedTimestamp);
        await Wait.For(pair.Pulse.RequestAsync(Party.Signal, "client", "heartbeat", Json("{}"), Token));
        Assert.Equal(TimeSpan.FromSeconds(3).Ticks, pair.Pulse.LastReceivedTimestamp);
    }

    private static string Command(string id) =>
        $$"""{"v":1,"id":"{{id}}","cid":null,"ts":"2026-01-02T03:04:05Z","origin":"pulse","target":"signal","domain":"cluster","kind":"command","name":"deploy","priority":"normal","payload":{},"error":null}""";

    private static JsonElement Json(string json) => JsonElement.Parse(json);

    private static async Task<Envelope> ReadAsync(IClusterChannel channel)
    {
        while (true)
        {
            var result = await Wait.For(channel.Input.ReadAsync(Token));
            var buffer = result.Buffer;
            var isRead = EnvelopeCodec.TryRead(ref buffer, 4096, out var envelope);
            channel.Input.AdvanceTo(buffer.Start, isRead ? buffer.Start : buffer.End);
            if (isRead)
            {
                return envelope!;
            }
        }
    }

    private Pair Start(Handler? signal = null, int maxQueued = 1024, int maxPending = 1024)
    {
        var pair = new Pair(
            new End(new PipeControlChannel(_scene.Near.Control, new() { Party = Party.Pulse, MaxPendingRequests = maxPending }, null, _time)),
            new End(new PipeControlChannel(_scene.Far.Control, new() { Party = Party.Signal, MaxQueuedEnvelopes = maxQueued }, null, _time)));
        if (signal is not null)
        {
            pair.Signal.Run(signal);
            pair.PulseEnd.Run(new Handler((c, _) => ValueTask.FromResult(c.Payload)));
        }

        return pair;
    }

    private sealed class Handler(Func<Envelope, CancellationToken, ValueTask<JsonElement>> command, Func<Envelope, ValueTask>? @event = null) : IControlHandler
    {
        public ValueTask<JsonElement> HandleCommandAsync(Envelope envelope, CancellationToken cancellationToken) => command(envelope, cancellationToken);

        public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => @event?.Invoke(envelope) ?? default;
    }

    private sealed class End(PipeControlChannel channel) : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public PipeControlChannel Channel => channel;

        public Task Running { get; private set; } = Task.CompletedTask;

        public void Run(IControlHandler handler) => Running = channel.RunAsync(handler, _stop.Token);

        public void Dispose() => _stop.Dispose();

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(Running));
        }
    }

    private sealed class Pair(End pulse, End signal) : IAsyncDisposable
    {
        public End PulseEnd => pulse;

        public End Signal => signal;

        public PipeControlChannel Pulse => pulse.Channel;

        public async ValueTask DisposeAsync()
        {
            await pulse.Channel.DisposeAsync();
            await signal.Channel.DisposeAsync();
            await Wait.For(Task.WhenAll(pulse.Running, signal.Running).ContinueWith(_ => { }, TaskScheduler.Default));
            pulse.Dispose();
            signal.Dispose();
        }
    }
}
