using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Faults;

/// <summary>Cancelled calls, and calls in the wrong order.</summary>
internal static class CallFaultCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("FAULT-020", "Every call whose token has fired before throws OperationCanceledException or is through, and all stays usable.", "IAudioLink: Errors", FiredBeforeAsync),
        TransportCase.On("FAULT-021", "Every call cancelled while it waits throws OperationCanceledException with the caller's token, and all stays usable.", "IAudioLink: Errors", FiredWhileWaitingAsync),
        TransportCase.On("FAULT-022", "A lost link or connection never shows as a cancellation.", "IAudioLink: Errors", LostIsNotCancelledAsync),
        TransportCase.On("FAULT-023", "Calls in the wrong order throw, and neither hang nor harm.", "IAudioLink", WrongOrderAsync),
        TransportCase.On("FAULT-024", "A peer that never answers holds up nobody whose token fires.", "IAudioLink.ReceiveAsync", SilentPeerAsync),
    ];

    private static async Task FiredBeforeAsync(TransportScene scene)
    {
        var fired = new CancellationToken(canceled: true);
        var (near, far) = await scene.LinkAsync(5000, TestAudio.Stereo);
        var (channel, channelFar) = await scene.ChannelAsync(ChannelPurpose.State);
        (string Name, Func<Task> Call)[] calls =
        [
            ("AcceptAsync", () => Calling.Async(() => scene.Listener.AcceptAsync(fired))),
            ("AcceptChannelAsync", () => Calling.Async(() => scene.Far.AcceptChannelAsync(fired))),
            ("AcceptAudioLinkAsync", () => Calling.Async(() => scene.Far.AcceptAudioLinkAsync(fired))),
            ("ReceiveAsync", () => Calling.Async(() => far.ReceiveAsync(new BlockRecorder(), fired))),
            ("FlushAsync of a link", () => Calling.Async(() => near.FlushAsync(fired))),
            ("ReadAsync of a channel", () => Calling.Async(() => channelFar.Input.ReadAsync(fired))),
            ("FlushAsync of a channel", () => Calling.Async(() => channel.Output.FlushAsync(fired))),
        ];
        foreach (var (name, call) in calls)
        {
            var thrown = await Expect.CatchAsync(scene.Wait.For(call(), $"the end of {name}"));
            Expect.True(thrown is null or OperationCanceledException, $"OperationCanceledException from {name}", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
        }

        await ExpectUsableAsync(scene, near, far, channel, channelFar);
    }

    private static async Task FiredWhileWaitingAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, TestAudio.Stereo);
        var (channel, channelFar) = await scene.ChannelAsync(ChannelPurpose.State);
        (string Name, Func<CancellationToken, Task> Call)[] calls =
        [
            ("AcceptAsync", token => scene.Listener.AcceptAsync(token).AsTask()),
            ("AcceptChannelAsync", token => scene.Far.AcceptChannelAsync(token).AsTask()),
            ("AcceptAudioLinkAsync", token => scene.Far.AcceptAudioLinkAsync(token).AsTask()),
            ("ReceiveAsync", token => far.ReceiveAsync(new BlockRecorder(), token).AsTask()),
            ("ReadAsync of a channel", token => channelFar.Input.ReadAsync(token).AsTask()),
            ("ReadAsync of control", token => scene.Far.Control.Input.ReadAsync(token).AsTask()),
        ];
        foreach (var (name, call) in calls)
        {
            using var own = new CancellationTokenSource();
            var waiting = call(own.Token);
            await own.CancelAsync();
            var thrown = await Expect.CatchAsync(scene.Wait.For(waiting, $"the end of a cancelled {name}"));
            Expect.True(
                thrown is OperationCanceledException cancelled && cancelled.CancellationToken == own.Token,
                $"OperationCanceledException from {name}, with the caller's token", $"{thrown?.GetType().Name ?? "nothing"} was thrown: {thrown?.Message}");
        }

        await ExpectUsableAsync(scene, near, far, channel, channelFar);
    }

    private static async Task LostIsNotCancelledAsync(TransportScene scene)
    {
        var (near, far) = await scene.ConnectAsync();
        var link = await scene.Wait.For(near.OpenAudioLinkAsync(scene.Token));
        var linkFar = Expect.NotNull(await scene.Wait.For(far.AcceptAudioLinkAsync(scene.Token)));
        (string Name, Task Task)[] waiting =
        [
            ("ReceiveAsync at the peer", linkFar.ReceiveAsync(new BlockRecorder(), scene.Token).AsTask()),
            ("ReceiveAsync", link.ReceiveAsync(new BlockRecorder(), scene.Token).AsTask()),
            ("ReadAsync of control at the peer", TestBytes.ReadOnceAsync(scene, far.Control)),
            ("ReadAsync of control", TestBytes.ReadOnceAsync(scene, near.Control)),
            ("AcceptChannelAsync at the peer", far.AcceptChannelAsync(scene.Token).AsTask()),
        ];
        near.Abort("test");
        foreach (var (name, task) in waiting)
        {
            var thrown = await Expect.CatchAsync(scene.Wait.For(task, $"the end of {name}"));
            Expect.True(thrown is null or AudioLinkException or TransportException, $"the contract's own exception from {name}", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
        }

        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
    }

    private static async Task WrongOrderAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, TestAudio.Stereo);
        var (channel, channelFar) = await scene.ChannelAsync(ChannelPurpose.State);
        var (other, _) = await scene.LinkAsync();
        await scene.Wait.For(other.CompleteAsync(scene.Token));
        Expect.Throws<InvalidOperationException>(() => other.GrantHorizon(5), "a horizon granted after completion");
        await Expect.ThrowsAsync<InvalidOperationException>(scene.Wait.For(Calling.Async(() => other.FlushAsync(scene.Token))), "a flush after completion");
        await scene.Wait.For(other.CompleteAsync(scene.Token), "a second completion");

        var (ended, endedFar) = await scene.ChannelAsync(ChannelPurpose.State);
        await scene.Wait.For(ended.Output.CompleteAsync());
        await Expect.ThrowsAsync<InvalidOperationException>(scene.Wait.For(Calling.Async(() => ended.Output.WriteAsync(new byte[] { 1 }, scene.Token))), "a write after completion");
        await scene.Wait.For(ended.Input.CompleteAsync());
        await Expect.ThrowsAsync<InvalidOperationException>(scene.Wait.For(Calling.Async(() => ended.Input.ReadAsync(scene.Token))), "a read after completion");
        await scene.Wait.For(endedFar.DisposeAsync());
        await ExpectUsableAsync(scene, near, far, channel, channelFar);
    }

    private static async Task SilentPeerAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, TestAudio.Stereo);
        using var own = new CancellationTokenSource();
        Task[] waiting =
        [
            near.ReceiveAsync(new BlockRecorder(), own.Token).AsTask(), scene.Near.AcceptChannelAsync(own.Token).AsTask(),
            scene.Near.AcceptAudioLinkAsync(own.Token).AsTask(), scene.Near.Control.Input.ReadAsync(own.Token).AsTask(),
            OwnThread.RunAsync(() => far.Receive(new BlockRecorder(), own.Token)),
        ];
        await TestBytes.SendAsync(scene, scene.Near.Control, scene.Far.Control, 1);
        await own.CancelAsync();
        foreach (var task in waiting)
        {
            await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(task, "the end of a cancelled wait for a silent peer"), "a cancelled wait");
        }

        Expect.Null(near.Failure);
        Expect.Null(far.Failure);
    }

    private static async Task ExpectUsableAsync(TransportScene scene, IAudioLink near, IAudioLink far, IClusterChannel channel, IClusterChannel channelFar)
    {
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        await scene.ReceiveAsync(far, 1);
        await TestBytes.SendAsync(scene, channel, channelFar, 1000);
        await TestBytes.RoundTripAsync(scene);
        var opened = await scene.Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.Events, scene.Token));
        var accepted = Expect.NotNull(await scene.Wait.For(scene.Far.AcceptChannelAsync(scene.Token)));
        await TestBytes.SendAsync(scene, opened, accepted, 10);
        var (further, furtherFar) = await scene.ConnectAsync();
        await scene.Wait.For(further.DisposeAsync());
        await scene.Wait.For(furtherFar.DisposeAsync());
    }
}
