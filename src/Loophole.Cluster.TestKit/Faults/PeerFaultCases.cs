using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Faults;

/// <summary>The peer goes away, at every stage of a connection.</summary>
internal static class PeerFaultCases
{
    /// <summary>What stands between two ends when one goes away; each returns what is then pending at the far end.</summary>
    private static readonly (string Name, Func<TransportScene, IClusterConnection, IClusterConnection, Task<Task[]>> Build)[] Stages =
    [
        ("just connected", (_, _, _) => Task.FromResult<Task[]>([])),
        ("accepting", (scene, _, far) => Task.FromResult<Task[]>([far.AcceptChannelAsync(scene.Token).AsTask(), far.AcceptAudioLinkAsync(scene.Token).AsTask()])),
        ("reading control", (scene, _, far) => Task.FromResult<Task[]>([TestBytes.ReadOnceAsync(scene, far.Control)])),
        ("a channel open", OpenChannelAsync),
        ("a link open, streams too", OpenLinkAsync),
        ("a write stuck", StickAsync),
    ];

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("FAULT-001", "A peer that aborts is noticed at every stage, ends all that is pending, and harms no later client.", "TransportError.PeerReset", scene => AtEachStageAsync(scene, isAbort: true)),
        TransportCase.On("FAULT-002", "A peer that disposes is noticed at every stage, ends all that is pending, and harms no later client.", "IClusterConnection.Closed", scene => AtEachStageAsync(scene, isAbort: false)),
        TransportCase.On("FAULT-003", "Both ends may abort at the same moment; each keeps a cause.", "IClusterConnection.Abort", BothAbortAsync),
        TransportCase.On("FAULT-004", "A channel disposed in the middle of a peer's write ends that write, one way or the other.", "IClusterChannel", DisposeMidWriteAsync),
        TransportCase.On("FAULT-005", "Opening while the peer aborts gives a channel or TransportException, nothing else, and hangs never.", "IClusterConnection.OpenChannelAsync", OpenWhileAbortingAsync),
        TransportCase.On("FAULT-006", "Connecting while the listener is disposed gives a connection or TransportException, nothing else, and hangs never.", "IClusterTransport.ConnectAsync", ConnectWhileEndingAsync),
        TransportCase.On("FAULT-007", "An endpoint that dies with connections nobody accepted ends each of them.", "IClusterListener", BacklogAsync),
        TransportCase.On("FAULT-008", "A peer with channels and links nobody accepted ends each of them when it goes.", "IClusterConnection", UnacceptedAsync),
    ];

    private static async Task AtEachStageAsync(TransportScene scene, bool isAbort)
    {
        foreach (var (name, build) in Stages)
        {
            var (near, far) = await scene.ConnectAsync();
            var pending = await build(scene, near, far);
            var ending = Task.CompletedTask;
            if (isAbort)
            {
                near.Abort("test");
            }
            else
            {
                ending = near.DisposeAsync().AsTask();
            }

            await scene.Wait.For(far.Closed, $"Closed of the far end ({name})");
            foreach (var task in pending)
            {
                var thrown = await Expect.CatchAsync(scene.Wait.For(task, $"the end of what was pending ({name})"));
                Expect.True(
                    thrown is null or TransportException or AudioLinkException, $"the contract's own exception ({name})", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
            }

            await scene.Wait.For(far.DisposeAsync(), $"disposal of the far end ({name})");
            await scene.Wait.For(ending, $"disposal of the near end ({name})");
            await scene.Wait.For(near.DisposeAsync(), $"disposal of the near end ({name})");
        }

        await TestBytes.RoundTripAsync(scene);
    }

    private static async Task<Task[]> OpenChannelAsync(TransportScene scene, IClusterConnection near, IClusterConnection far)
    {
        await scene.Wait.For(near.OpenChannelAsync(ChannelPurpose.State, scene.Token));
        var channel = Expect.NotNull(await scene.Wait.For(far.AcceptChannelAsync(scene.Token)));
        return [TestBytes.ReadOnceAsync(scene, channel)];
    }

    private static async Task<Task[]> OpenLinkAsync(TransportScene scene, IClusterConnection near, IClusterConnection far)
    {
        var sending = await scene.Wait.For(near.OpenAudioLinkAsync(scene.Token));
        var link = Expect.NotNull(await scene.Wait.For(far.AcceptAudioLinkAsync(scene.Token)));
        sending.OpenStream(TestAudio.Stereo, StreamDirection.Send);
        link.OpenStream(TestAudio.Stereo, StreamDirection.Receive);
        link.Grant(7, 5000);
        await scene.Wait.For(link.FlushAsync(scene.Token));
        return [link.ReceiveAsync(new BlockRecorder(), scene.Token).AsTask()];
    }

    private static async Task<Task[]> StickAsync(TransportScene scene, IClusterConnection near, IClusterConnection far)
    {
        var channel = await scene.Wait.For(far.OpenChannelAsync(ChannelPurpose.Media, scene.Token));
        Expect.NotNull(await scene.Wait.For(near.AcceptChannelAsync(scene.Token)));
        var (_, stuck) = await TestBytes.FillAsync(scene, channel, scene.Token);
        return [stuck];
    }

    private static async Task BothAbortAsync(TransportScene scene)
    {
        for (var round = 0; round < 20; round++)
        {
            var (near, far) = await scene.ConnectAsync();
            await scene.Wait.For(near.OpenAudioLinkAsync(scene.Token));
            await scene.Wait.For(Task.WhenAll(Task.Run(() => near.Abort("one")), Task.Run(() => far.Abort("other"))), "two aborts");
            await scene.Wait.For(near.Closed);
            await scene.Wait.For(far.Closed);
            foreach (var connection in (IClusterConnection[])[near, far])
            {
                var lost = await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => connection.OpenAudioLinkAsync(scene.Token))));
                Expect.True(lost.Error is TransportError.Aborted or TransportError.PeerReset, "Aborted or PeerReset", $"it is {lost.Error}");
                await scene.Wait.For(connection.DisposeAsync());
            }
        }
    }

    private static async Task DisposeMidWriteAsync(TransportScene scene)
    {
        for (var round = 0; round < 4; round++)
        {
            var (near, far) = await scene.ChannelAsync(ChannelPurpose.Media);
            var (_, stuck) = await TestBytes.FillAsync(scene, near, scene.Token);
            await scene.Wait.For((round % 2 == 0 ? far : near).DisposeAsync(), "disposal beside a write that is stuck");
            var thrown = await Expect.CatchAsync(scene.Wait.For(stuck, "the end of a write that was stuck"));
            Expect.True(thrown is null or TransportException, "a write to end, or TransportException", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
            near.Abort("test");
            far.Abort("test");
            await scene.Wait.For(near.DisposeAsync());
            await scene.Wait.For(far.DisposeAsync());
        }
    }

    private static async Task OpenWhileAbortingAsync(TransportScene scene)
    {
        for (var round = 0; round < 20; round++)
        {
            var (near, far) = await scene.ConnectAsync();
            var opening = Task.Run(() => Calling.Async(() => near.OpenChannelAsync(ChannelPurpose.State, scene.Token)));
            var linking = Task.Run(() => Calling.Async(() => near.OpenAudioLinkAsync(scene.Token)));
            var aborting = Task.Run(() => far.Abort("test"));
            foreach (var task in (Task[])[opening, linking, aborting])
            {
                var thrown = await Expect.CatchAsync(scene.Wait.For(task, $"the end of opening in round {round}"));
                Expect.True(thrown is null or TransportException, "a channel or TransportException", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
            }

            await scene.Wait.For(near.Closed);
            await scene.Wait.For(near.DisposeAsync());
            await scene.Wait.For(far.DisposeAsync());
        }
    }

    private static async Task ConnectWhileEndingAsync(TransportScene scene)
    {
        for (var round = 0; round < 20; round++)
        {
            var listener = await scene.Wait.For(scene.Transport.ListenAsync(scene.Subject.ListenEndPoint, scene.Token));
            var connecting = Task.Run(() => Calling.Async(() => scene.Transport.ConnectAsync(listener.LocalEndPoint, scene.Token)));
            var ending = Task.Run(async () => await listener.DisposeAsync());
            var thrown = await Expect.CatchAsync(scene.Wait.For(connecting, $"the end of connecting in round {round}"));
            Expect.True(thrown is null or TransportException, "a connection or TransportException", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
            await scene.Wait.For(ending, "disposal of the listener");
            if (thrown is null)
            {
                var near = await connecting;
                await scene.Wait.For(near.Closed, "the end of a connection that nobody accepted");
                await scene.Wait.For(near.DisposeAsync());
            }
        }
    }

    private static async Task BacklogAsync(TransportScene scene)
    {
        var listener = await scene.Wait.For(scene.Transport.ListenAsync(scene.Subject.ListenEndPoint, scene.Token));
        var nears = new List<IClusterConnection>();
        for (var i = 0; i < 5; i++)
        {
            nears.Add(await scene.Wait.For(scene.Transport.ConnectAsync(listener.LocalEndPoint, scene.Token)));
        }

        await scene.Wait.For(listener.DisposeAsync());
        foreach (var near in nears)
        {
            await scene.Wait.For(near.Closed, "the end of a connection that nobody accepted");
            await scene.Wait.For(near.DisposeAsync());
        }
    }

    private static async Task UnacceptedAsync(TransportScene scene)
    {
        var (near, far) = await scene.ConnectAsync();
        var channel = await scene.Wait.For(near.OpenChannelAsync(ChannelPurpose.State, scene.Token));
        var link = await scene.Wait.For(near.OpenAudioLinkAsync(scene.Token));
        far.Abort("test");
        await scene.Wait.For(channel.Closed, "the end of a channel that nobody accepted");
        await scene.Wait.For(link.Closed, "the end of a link that nobody accepted");
        await scene.Wait.For(far.DisposeAsync());
        await scene.Wait.For(near.DisposeAsync());
    }
}
