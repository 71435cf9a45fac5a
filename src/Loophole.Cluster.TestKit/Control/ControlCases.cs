using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Control;

/// <summary>Commands, answers and events over the transport's control channel.</summary>
internal static class ControlCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("CTRL-001", "Many requests at once get each its own answer.", "PipeControlChannel.RequestAsync", OwnAnswersAsync),
        TransportCase.On("CTRL-002", "Commands and events reach the handler one by one, in the order sent.", "PipeControlChannel: Order", OrderAsync),
        TransportCase.On("CTRL-003", "A refusal arrives with code, message and details.", "ControlException", RefusalAsync),
        TransportCase.On("CTRL-004", "A handler may ask back while it is being asked.", "IControlHandler", AskingBackAsync),
        TransportCase.On("CTRL-005", "A large envelope passes whole, between small ones.", "PipeControlChannelOptions.MaxEnvelopeLength", LargeAsync),
        TransportCase.On("CTRL-006", "Both ends may send floods of events at once.", "PipeControlChannel.SendEventAsync", FloodAsync),
        TransportCase.On("CTRL-007", "A command that finds the queue full is answered busy, and the ones before it are carried out.", "PipeControlChannelOptions.MaxQueuedEnvelopes", BusyAsync),
    ];

    private static async Task OwnAnswersAsync(TransportScene scene)
    {
        await using var pair = ControlPair.Start(scene, ControlHandler.Echo);
        var answers = Enumerable.Range(0, 500).Select(async i =>
        {
            var answer = await pair.AskAsync("echo", $"{{\"i\":{i}}}", scene.Token);
            Expect.Equal(i, answer.Payload.GetProperty("i").GetInt32(), $"the answer to request {i}");
        });
        await scene.Wait.For(Task.WhenAll(answers), "500 answers");
    }

    private static async Task OrderAsync(TransportScene scene)
    {
        var seen = new List<string>();
        var inside = 0;
        var most = 0;
        async ValueTask SeeAsync(Envelope envelope)
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            seen.Add(envelope.Name);
            Interlocked.Decrement(ref inside);
        }

        await using var pair = ControlPair.Start(scene, new ControlHandler(
            async (command, _) =>
            {
                await SeeAsync(command);
                return command.Payload;
            },
            SeeAsync));
        var sent = Enumerable.Range(0, 100).Select(i => $"n{i}").ToArray();
        var asked = new List<Task>();
        foreach (var name in sent)
        {
            if (asked.Count % 2 == 0)
            {
                // Written before the call returns, unless another write is pending, of which there is none.
                asked.Add(pair.AskAsync(name, token: scene.Token));
                await MarkAsync(pair, scene);
            }
            else
            {
                asked.Add(Task.CompletedTask);
                await scene.Wait.For(pair.Near.SendEventAsync(Party.Signal, "cluster", name, Envelope.EmptyPayload, scene.Token));
            }
        }

        await scene.Wait.For(Task.WhenAll(asked), "the answers");
        await scene.Wait.For(pair.AskAsync("last", token: scene.Token));
        Expect.Sequence(sent.Append("last"), seen.Where(n => n != "mark"), "what reached the handler");
        Expect.Equal(1, most, "the number of calls of the handler at a time");
    }

    // An event goes through the same gate as a command, so its completion shows that the command before it was written.
    private static Task MarkAsync(ControlPair pair, TransportScene scene) =>
        scene.Wait.For(pair.Near.SendEventAsync(Party.Signal, "cluster", "mark", Envelope.EmptyPayload, scene.Token));

    private static async Task RefusalAsync(TransportScene scene)
    {
        await using var pair = ControlPair.Start(scene, new ControlHandler((command, _) => command.Name == "deploy"
            ? throw new ControlException("noRoom", "Full.", ControlPair.Json("""{"free":0}"""))
            : throw new InvalidDataException("a secret path")));
        var refused = await Expect.ThrowsAsync<ControlException>(scene.Wait.For(pair.AskAsync("deploy", token: scene.Token)));
        Expect.Equal(("noRoom", "Full.", "{\"free\":0}"), (refused.Code, refused.Message, refused.Details?.GetRawText()), "the refusal");
        var failed = await Expect.ThrowsAsync<ControlException>(scene.Wait.For(pair.AskAsync("withdraw", token: scene.Token)));
        Expect.Equal(ControlException.InternalCode, failed.Code);
        Expect.False(failed.Message.Contains("secret", StringComparison.Ordinal));
    }

    private static async Task AskingBackAsync(TransportScene scene)
    {
        await using var pair = ControlPair.Start(scene, pair => new ControlHandler(
            async (command, token) => (await pair.Far.RequestAsync(Party.Pulse, "cluster", "more", command.Payload, token)).Payload));
        var answer = await scene.Wait.For(pair.AskAsync("deploy", """{"x":1}""", scene.Token));
        Expect.Equal("""{"x":1}""", answer.Payload.GetRawText());
    }

    private static async Task LargeAsync(TransportScene scene)
    {
        await using var pair = ControlPair.Start(scene, ControlHandler.Echo);
        var large = $$"""{"text":"{{new string('a', 4_000_000)}}"}""";
        var answers = await scene.Wait.For(Task.WhenAll(
            pair.AskAsync("small", token: scene.Token), pair.AskAsync("large", large, scene.Token), pair.AskAsync("small", token: scene.Token)));
        Expect.Equal(4_000_000, answers[1].Payload.GetProperty("text").GetString()?.Length);
    }

    private static async Task FloodAsync(TransportScene scene)
    {
        const int Events = 500;
        var seen = new List<string>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = ControlPair.Start(scene, new ControlHandler(
            (command, _) => ValueTask.FromResult(command.Payload),
            envelope =>
            {
                seen.Add(envelope.Name);
                if (seen.Count == Events)
                {
                    all.SetResult();
                }

                return default;
            }));
        var back = Task.Run(async () =>
        {
            for (var i = 0; i < Events; i++)
            {
                await pair.Far.SendEventAsync(Party.Pulse, "cluster", $"e{i}", Envelope.EmptyPayload, scene.Token);
            }
        });
        for (var i = 0; i < Events; i++)
        {
            await scene.Wait.For(pair.Near.SendEventAsync(Party.Signal, "cluster", $"e{i}", Envelope.EmptyPayload, scene.Token));
        }

        await scene.Wait.For(back, "the events sent back");
        await scene.Wait.For(all.Task, $"{Events} events");
        Expect.Sequence(Enumerable.Range(0, Events).Select(i => $"e{i}"), seen);
        await scene.Wait.For(pair.AskAsync("last", token: scene.Token));
    }

    private static async Task BusyAsync(TransportScene scene)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = ControlPair.Start(
            scene,
            new ControlHandler(async (command, token) =>
            {
                entered.TrySetResult();
                await release.Task.WaitAsync(token);
                return command.Payload;
            }),
            maxQueued: 1);
        var first = pair.AskAsync("one", token: scene.Token);
        await scene.Wait.For(entered.Task, "the first command at the handler");
        var waiting = pair.AskAsync("two", token: scene.Token);
        var busy = await Expect.ThrowsAsync<ControlException>(scene.Wait.For(pair.AskAsync("three", token: scene.Token)));
        Expect.Equal(ControlException.BusyCode, busy.Code);
        release.SetResult();
        await scene.Wait.For(Task.WhenAll(first, waiting), "the answers to the commands before it");
    }
}
