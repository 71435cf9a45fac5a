using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Transports;

/// <summary>Clauses of <see cref="IClusterConnection"/> about opening and accepting.</summary>
internal static class ConnectionCases
{
    private static readonly ChannelPurpose[] Purposes = [ChannelPurpose.Events, ChannelPurpose.State, ChannelPurpose.Media, ChannelPurpose.PluginUi, ChannelPurpose.Meters];

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("XPRT-030", "The control channel is there from the start, stays the same, and carries bytes both ways.", "IClusterConnection.Control", ControlAsync),
        TransportCase.On("XPRT-031", "Channels of every purpose open from both ends, and arrive with their purpose.", "IClusterConnection.OpenChannelAsync", BothEndsAsync),
        TransportCase.On("XPRT-032", "Control, audio and unknown purposes cannot be opened as channels.", "IClusterConnection.OpenChannelAsync", PurposesAsync),
        TransportCase.On("XPRT-033", "Links open from both ends, and carry streams from both.", "IClusterConnection.OpenAudioLinkAsync", LinksAsync),
        TransportCase.On("XPRT-034", "The peer sees a channel, and a link, at once, before anything is sent.", "IClusterConnection.OpenChannelAsync", SeenAtOnceAsync),
        TransportCase.On("XPRT-035", "A cancelled accept loses no channel and no link.", "IClusterConnection.AcceptChannelAsync", CancelledAcceptAsync),
        TransportCase.On("XPRT-036", "A cancelled opening throws and leaves nothing half open.", "IClusterConnection.OpenChannelAsync", CancelledOpenAsync),
        TransportCase.On("XPRT-037", "Accepting ends with null once the connection is closed.", "IClusterConnection.AcceptChannelAsync", AcceptEndsAsync),
        TransportCase.On("XPRT-038", "Many channels opened at once arrive each with its purpose and its bytes.", "IClusterConnection.OpenChannelAsync", ManyAtOnceAsync),
        TransportCase.On("XPRT-039", "Channels and links reach the peer of their own connection.", "IClusterConnection.RemoteFingerprint", OwnPeerAsync),
    ];

    private static async Task ControlAsync(TransportScene scene)
    {
        Expect.True(ReferenceEquals(scene.Near.Control, scene.Near.Control));
        Expect.Equal(ChannelPurpose.Control, scene.Near.Control.Purpose);
        Expect.Equal(ChannelPurpose.Control, scene.Far.Control.Purpose);
        await TestBytes.SendAsync(scene, scene.Near.Control, scene.Far.Control, 1 << 20);
        await TestBytes.SendAsync(scene, scene.Far.Control, scene.Near.Control, 3);
    }

    private static async Task BothEndsAsync(TransportScene scene)
    {
        foreach (var purpose in Purposes)
        {
            foreach (var (opener, accepter) in ((IClusterConnection, IClusterConnection)[])[(scene.Near, scene.Far), (scene.Far, scene.Near)])
            {
                var accepting = accepter.AcceptChannelAsync(scene.Token).AsTask();
                var near = await scene.Wait.For(opener.OpenChannelAsync(purpose, scene.Token));
                var far = Expect.NotNull(await scene.Wait.For(accepting));
                Expect.Equal((purpose, purpose), (near.Purpose, far.Purpose));
                await TestBytes.SendAsync(scene, near, far, 70_000);
                await TestBytes.SendAsync(scene, far, near, 70_000);
                await scene.Wait.For(near.DisposeAsync());
                await scene.Wait.For(far.DisposeAsync());
            }
        }
    }

    private static async Task PurposesAsync(TransportScene scene)
    {
        foreach (var purpose in (ChannelPurpose[])[ChannelPurpose.Control, ChannelPurpose.Audio, (ChannelPurpose)0, (ChannelPurpose)99])
        {
            await Expect.ThrowsAsync<ArgumentOutOfRangeException>(
                scene.Wait.For(Calling.Async(() => scene.Near.OpenChannelAsync(purpose, scene.Token)), $"the refusal of a channel for {purpose}"), $"opening a channel for {purpose}");
        }

        await scene.ChannelAsync(ChannelPurpose.Events);
    }

    private static async Task LinksAsync(TransportScene scene)
    {
        foreach (var (opener, accepter) in ((IClusterConnection, IClusterConnection)[])[(scene.Near, scene.Far), (scene.Far, scene.Near)])
        {
            var near = await scene.Wait.For(opener.OpenAudioLinkAsync(scene.Token));
            var far = Expect.NotNull(await scene.Wait.For(accepter.AcceptAudioLinkAsync(scene.Token)));
            foreach (var (sender, receiver, id) in ((IAudioLink, IAudioLink, int)[])[(near, far, 1), (far, near, 2)])
            {
                var stream = TestAudio.Stereo with { Id = id };
                sender.OpenStream(stream, StreamDirection.Send);
                receiver.OpenStream(stream, StreamDirection.Receive);
                receiver.Grant(id, 2000);
                await scene.Wait.For(receiver.FlushAsync(scene.Token));
                await scene.HearAsync(sender, h => h.Credits.Count > 0, "a credit");
                Expect.True(sender.TrySend(id, 1000, TestAudio.Noise(8)));
                await scene.Wait.For(sender.FlushAsync(scene.Token));
                await scene.ReceiveAsync(receiver, 1);
            }
        }
    }

    private static async Task SeenAtOnceAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.Events);
        Expect.False(near.Closed.IsCancellationRequested);
        Expect.False(far.Closed.IsCancellationRequested);
        var (nearLink, farLink) = await scene.LinkAsync();
        Expect.False(nearLink.Closed.IsCancellationRequested);
        Expect.False(farLink.Closed.IsCancellationRequested);
    }

    private static async Task CancelledAcceptAsync(TransportScene scene)
    {
        for (var round = 0; round < 5; round++)
        {
            using var own = new CancellationTokenSource();
            var accepting = scene.Far.AcceptChannelAsync(own.Token).AsTask();
            var linking = scene.Far.AcceptAudioLinkAsync(own.Token).AsTask();
            await own.CancelAsync();
            await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(accepting));
            await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(linking));
            await scene.ChannelAsync(ChannelPurpose.Media);
            await scene.LinkAsync();

            // The other way round too: what is still waiting must not come before who asks now.
            var channel = scene.Far.AcceptChannelAsync(scene.Token).AsTask();
            var link = scene.Far.AcceptAudioLinkAsync(scene.Token).AsTask();
            await scene.Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.Media, scene.Token));
            await scene.Wait.For(scene.Near.OpenAudioLinkAsync(scene.Token));
            Expect.NotNull(await scene.Wait.For(channel, "a channel for an accept that waits"));
            Expect.NotNull(await scene.Wait.For(link, "a link for an accept that waits"));
        }
    }

    private static async Task CancelledOpenAsync(TransportScene scene)
    {
        var fired = new CancellationToken(canceled: true);
        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(Calling.Async(() => scene.Near.OpenAudioLinkAsync(fired))));
        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(Calling.Async(() => scene.Near.OpenChannelAsync(ChannelPurpose.State, fired))));
        for (var round = 0; round < 10; round++)
        {
            using var own = new CancellationTokenSource();
            var opening = Calling.Async(() => scene.Near.OpenChannelAsync(ChannelPurpose.State, own.Token));
            await own.CancelAsync();
            var thrown = await Expect.CatchAsync(scene.Wait.For(opening, "the end of a cancelled opening"));
            Expect.True(thrown is null or OperationCanceledException, "OperationCanceledException or a channel", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
            if (thrown is null)
            {
                await scene.Wait.For((await opening).DisposeAsync());
            }
        }

        // The peer may have seen what was given up, but as ended.
        var good = await scene.Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.Media, scene.Token));
        IClusterChannel? seen;
        do
        {
            seen = Expect.NotNull(await scene.Wait.For(scene.Far.AcceptChannelAsync(scene.Token), "the channel that was opened in the end"));
            if (seen.Purpose == ChannelPurpose.State)
            {
                await Expect.CatchAsync(TestBytes.ReadToEndAsync(scene, seen));
                await scene.Wait.For(seen.DisposeAsync());
            }
        }
        while (seen.Purpose == ChannelPurpose.State);
        await TestBytes.SendAsync(scene, good, seen, 100);
    }

    private static async Task AcceptEndsAsync(TransportScene scene)
    {
        var channels = scene.Far.AcceptChannelAsync(scene.Token).AsTask();
        var links = scene.Far.AcceptAudioLinkAsync(scene.Token).AsTask();
        await scene.Wait.For(scene.Near.DisposeAsync());
        Expect.Null(await scene.Wait.For(channels, "the end of a pending accept of channels"), "what a pending accept gives");
        Expect.Null(await scene.Wait.For(links, "the end of a pending accept of links"), "what a pending accept gives");
        Expect.Null(await scene.Wait.For(scene.Far.AcceptChannelAsync(scene.Token)), "what a late accept gives");
        Expect.Null(await scene.Wait.For(scene.Near.AcceptAudioLinkAsync(scene.Token)), "what a late accept gives");
    }

    private static async Task ManyAtOnceAsync(TransportScene scene)
    {
        const int Channels = 32;
        var opening = Enumerable.Range(0, Channels).Select(i => Task.Run(async () =>
        {
            var near = await scene.Near.OpenChannelAsync(Purposes[i % Purposes.Length], scene.Token);
            await near.Output.WriteAsync(new byte[] { (byte)i }, scene.Token);
            return near;
        })).ToArray();
        var seen = new HashSet<byte>();
        for (var i = 0; i < Channels; i++)
        {
            var far = Expect.NotNull(await scene.Wait.For(scene.Far.AcceptChannelAsync(scene.Token)));
            var number = (await TestBytes.ReadAsync(scene, far, 1))[0];
            Expect.True(seen.Add(number), "each channel to be seen once", $"channel {number} was seen twice");
            Expect.Equal(Purposes[number % Purposes.Length], far.Purpose, $"the purpose of channel {number}");
        }

        await scene.Wait.For(Task.WhenAll(opening));
    }

    private static async Task OwnPeerAsync(TransportScene scene)
    {
        var (near, far) = await scene.ConnectAsync();
        for (var round = 0; round < 8; round++)
        {
            var (from, to, number) = round % 2 == 0 ? (near, far, (byte)1) : (scene.Near, scene.Far, (byte)2);
            var channel = await scene.Wait.For(from.OpenChannelAsync(ChannelPurpose.Events, scene.Token));
            await scene.Wait.For(channel.Output.WriteAsync(new[] { number }, scene.Token).AsTask());
            var seen = Expect.NotNull(await scene.Wait.For(to.AcceptChannelAsync(scene.Token), "a channel at the peer of its own connection"));
            Expect.Equal(number, (await TestBytes.ReadAsync(scene, seen, 1))[0], "the connection's number");
            await scene.Wait.For(from.OpenAudioLinkAsync(scene.Token));
            Expect.NotNull(await scene.Wait.For(to.AcceptAudioLinkAsync(scene.Token), "a link at the peer of its own connection"));
        }

        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
    }
}
