using System.Buffers.Binary;
using System.Text;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Control;

/// <summary>Deadlines, bad envelopes and loss on the transport's control channel.</summary>
internal static class ControlFailureCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("CTRL-020", "A request without an answer ends by its deadline, and a late answer disturbs nothing.", "PipeControlChannelOptions.RequestTimeout", DeadlineAsync),
        TransportCase.On("CTRL-021", "A caller's token stops its own wait only.", "PipeControlChannel.RequestAsync", CancelledAsync),
        TransportCase.On("CTRL-022", "A lost connection fails what is pending and all that follows.", "ControlException.ConnectionLostCode", LossAsync),
        TransportCase.On("CTRL-023", "A peer that ends in good order ends the loop in good order.", "PipeControlChannel.RunAsync", GoodEndAsync),
        TransportCase.On("CTRL-024", "A bad envelope is answered with an error, and the connection goes on.", "EnvelopeException", BadEnvelopeAsync),
        TransportCase.On("CTRL-025", "What is no envelope ends the channel, with a named fault.", "EnvelopeException", NoEnvelopeAsync),
        TransportCase.On("CTRL-026", "A peer that goes away in the middle of an envelope is a reset.", "PipeControlChannel.RunAsync", HalfEnvelopeAsync),
    ];

    private static async Task DeadlineAsync(TransportScene scene)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = ControlPair.Start(scene, new ControlHandler(async (command, token) =>
        {
            await release.Task.WaitAsync(token);
            return command.Payload;
        }));
        var request = pair.AskAsync("deploy", token: scene.Token);
        await scene.Wait.For(pair.Time.WaitForTimersAsync(1, scene.Token), "the request's timer");
        pair.Time.Advance(TimeSpan.FromSeconds(9.9));
        Expect.False(request.IsCompleted, "the request, before its deadline, to have ended");
        pair.Time.Advance(TimeSpan.FromSeconds(0.1));
        Expect.Equal(ControlException.TimeoutCode, (await Expect.ThrowsAsync<ControlException>(scene.Wait.For(request))).Code);
        release.SetResult();
        await scene.Wait.For(pair.AskAsync("deploy", token: scene.Token), "the answer after a late one");
    }

    private static async Task CancelledAsync(TransportScene scene)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = ControlPair.Start(scene, new ControlHandler(async (command, token) =>
        {
            await release.Task.WaitAsync(token);
            return command.Payload;
        }));
        using var own = new CancellationTokenSource();
        var request = pair.AskAsync("deploy", token: own.Token);
        var other = pair.AskAsync("deploy", token: scene.Token);
        await own.CancelAsync();
        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(request));
        release.SetResult();
        await scene.Wait.For(other);
    }

    private static async Task LossAsync(TransportScene scene)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = ControlPair.Start(scene, new ControlHandler(async (command, token) =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return command.Payload;
        }));
        var request = pair.AskAsync("deploy", token: scene.Token);
        await scene.Wait.For(entered.Task, "the command at the handler");
        scene.Far.Abort("test");
        Expect.Equal(ControlException.ConnectionLostCode, (await Expect.ThrowsAsync<ControlException>(scene.Wait.For(request))).Code);
        Expect.Equal(ControlException.ConnectionLostCode, (await Expect.ThrowsAsync<ControlException>(scene.Wait.For(pair.AskAsync("deploy", token: scene.Token)))).Code);
        Expect.Equal(TransportError.PeerReset, (await Expect.ThrowsAsync<TransportException>(scene.Wait.For(pair.NearLoop))).Error, "the error of the asking end's loop");
        Expect.Equal(TransportError.Aborted, (await Expect.ThrowsAsync<TransportException>(scene.Wait.For(pair.FarLoop))).Error, "the error of the asked end's loop");
    }

    private static async Task GoodEndAsync(TransportScene scene)
    {
        await using var pair = ControlPair.Start(scene, ControlHandler.Echo);
        await scene.Wait.For(pair.AskAsync("deploy", token: scene.Token));
        var disposing = pair.Far.DisposeAsync().AsTask();
        await scene.Wait.For(pair.NearLoop, "the end of the loop in good order");
        Expect.Equal(ControlException.ConnectionLostCode, (await Expect.ThrowsAsync<ControlException>(scene.Wait.For(pair.AskAsync("deploy", token: scene.Token)))).Code);
        await scene.Wait.For(pair.Near.DisposeAsync());
        await scene.Wait.For(disposing);
    }

    private static async Task BadEnvelopeAsync(TransportScene scene)
    {
        await using var pair = ControlPair.Start(scene, ControlHandler.Echo);
        await pair.StopNearAsync();
        foreach (var (id, json, code) in ((string, string, string)[])
        [
            ("a", Command("a").Replace("\"v\":1", "\"v\":7", StringComparison.Ordinal), ControlException.UnsupportedVersionCode),
            ("b", Command("b").Replace("command", "wish", StringComparison.Ordinal), ControlException.BadEnvelopeCode),
        ])
        {
            await WriteAsync(scene, json);
            var answer = await ReadAsync(scene);
            Expect.Equal((EnvelopeKind.Error, code, id), (answer.Kind, answer.Error?.Code, answer.CommandId), "the answer to a bad envelope");
        }

        await WriteAsync(scene, Command("c"));
        Expect.Equal("c", (await ReadAsync(scene)).CommandId);
    }

    private static async Task NoEnvelopeAsync(TransportScene scene)
    {
        await using var pair = ControlPair.Start(scene, ControlHandler.Echo);
        await pair.StopNearAsync();
        await scene.Wait.For(scene.Near.Control.Output.WriteAsync(new byte[] { 3, 0, 0, 0, (byte)'n', (byte)'u', (byte)'l' }, scene.Token).AsTask());
        Expect.Equal(EnvelopeFault.NotJson, (await Expect.ThrowsAsync<EnvelopeException>(scene.Wait.For(pair.FarLoop))).Fault);
        await scene.Wait.For(scene.Near.Control.Closed);
    }

    private static async Task HalfEnvelopeAsync(TransportScene scene)
    {
        await using var pair = ControlPair.Start(scene, ControlHandler.Echo);
        await pair.StopNearAsync();
        await scene.Wait.For(scene.Near.Control.Output.WriteAsync(new byte[] { 200, 0, 0, 0, (byte)'{' }, scene.Token).AsTask());
        var disposing = scene.Near.Control.DisposeAsync().AsTask();
        Expect.Equal(TransportError.PeerReset, (await Expect.ThrowsAsync<TransportException>(scene.Wait.For(pair.FarLoop))).Error);
        await scene.Wait.For(pair.Far.DisposeAsync());
        await scene.Wait.For(disposing);
    }

    private static string Command(string id) =>
        $$"""{"v":1,"id":"{{id}}","cid":null,"ts":"2026-01-02T03:04:05Z","origin":"pulse","target":"signal","domain":"cluster","kind":"command","name":"deploy","priority":"normal","payload":{},"error":null}""";

    private static async Task WriteAsync(TransportScene scene, string json)
    {
        var frame = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(json)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - sizeof(int));
        Encoding.UTF8.GetBytes(json, frame.AsSpan(sizeof(int)));
        await scene.Wait.For(scene.Near.Control.Output.WriteAsync(frame, scene.Token).AsTask(), "the write of an envelope");
    }

    private static async Task<Envelope> ReadAsync(TransportScene scene)
    {
        var input = scene.Near.Control.Input;
        while (true)
        {
            var result = await scene.Wait.For(input.ReadAsync(scene.Token), "an envelope");
            var buffer = result.Buffer;
            var isRead = EnvelopeCodec.TryRead(ref buffer, 4096, out var envelope);
            input.AdvanceTo(buffer.Start, isRead ? buffer.Start : buffer.End);
            if (isRead)
            {
                return envelope!;
            }
        }
    }
}
