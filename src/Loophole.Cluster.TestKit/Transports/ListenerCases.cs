using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Transports;

/// <summary>Clauses of <see cref="IClusterListener"/>.</summary>
internal static class ListenerCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("XPRT-020", "A listener names the endpoint bound, with the real port.", "IClusterListener.LocalEndPoint", RealPortAsync),
        TransportCase.On("XPRT-021", "A disposed listener ends a pending accept and gives no connection from then on; disposal is idempotent.", "IClusterListener.AcceptAsync", DisposedAsync),
        TransportCase.On("XPRT-022", "Connections outlive their listener, with the channels and links they have.", "IClusterListener", OutlivedAsync),
        TransportCase.On("XPRT-023", "A cancelled accept loses no connection.", "IClusterListener.AcceptAsync", CancelledAsync),
        TransportCase.On("XPRT-024", "An endpoint can be listened at again once its listener is disposed.", "IClusterTransport.ListenAsync", AgainAsync),
        TransportCase.On("XPRT-025", "One transport listens at several endpoints; each gets its own clients.", "IClusterTransport.ListenAsync", SeveralAsync),
    ];

    private static Task RealPortAsync(TransportScene scene)
    {
        if (scene.Subject.ListenEndPoint.Port == 0)
        {
            Expect.True(scene.Listener.LocalEndPoint.Port > 0, "the real port", $"the endpoint is {scene.Listener.LocalEndPoint}");
        }

        return Task.CompletedTask;
    }

    private static async Task DisposedAsync(TransportScene scene)
    {
        var accepting = scene.Listener.AcceptAsync(scene.Token).AsTask();
        await scene.Wait.For(scene.Listener.DisposeAsync());
        await scene.Wait.For(scene.Listener.DisposeAsync());
        Expect.Null(await scene.Wait.For(accepting, "the end of a pending accept"), "what a pending accept gives");
        var late = await Expect.CatchAsync(scene.Wait.For(Calling.Async(() => scene.Transport.ConnectAsync(scene.Listener.LocalEndPoint, scene.Token))));
        Expect.True(late is TransportException { Error: TransportError.Unreachable }, "a client that comes late to be told unreachable", $"{late?.GetType().Name ?? "nothing"} was thrown: {late?.Message}");
        Expect.Null(await scene.Wait.For(scene.Listener.AcceptAsync(scene.Token)), "what a disposed listener gives");
    }

    private static async Task OutlivedAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        var (link, linkFar) = await scene.LinkAsync(5000, TestAudio.Stereo);
        await scene.Wait.For(scene.Listener.DisposeAsync());
        await TestBytes.RoundTripAsync(scene);
        await TestBytes.SendAsync(scene, near, far, 1000);
        Expect.True(link.TrySend(7, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(link.FlushAsync(scene.Token));
        await scene.ReceiveAsync(linkFar, 1);
    }

    private static async Task CancelledAsync(TransportScene scene)
    {
        for (var round = 0; round < 5; round++)
        {
            using var own = new CancellationTokenSource();
            var accepting = scene.Listener.AcceptAsync(own.Token).AsTask();
            await own.CancelAsync();
            await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(accepting));
            var (near, far) = await scene.ConnectAsync();
            await scene.Wait.For(near.DisposeAsync());
            await scene.Wait.For(far.DisposeAsync());
        }

        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(Calling.Async(() => scene.Listener.AcceptAsync(new CancellationToken(canceled: true)))));
    }

    private static async Task AgainAsync(TransportScene scene)
    {
        await scene.Wait.For(scene.Listener.DisposeAsync());
        await using var again = await scene.Wait.For(scene.Transport.ListenAsync(scene.Listener.LocalEndPoint, scene.Token));
        var accepting = again.AcceptAsync(scene.Token).AsTask();
        var near = await scene.Wait.For(scene.Transport.ConnectAsync(again.LocalEndPoint, scene.Token));
        var far = Expect.NotNull(await scene.Wait.For(accepting));
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
    }

    private static async Task SeveralAsync(TransportScene scene)
    {
        await using var other = await scene.Wait.For(scene.Transport.ListenAsync(scene.Subject.ListenEndPoint, scene.Token));
        Expect.True(other.LocalEndPoint != scene.Listener.LocalEndPoint, "two listeners to have two endpoints", $"both have {other.LocalEndPoint}");
        foreach (var (listener, number) in ((IClusterListener, byte)[])[(other, 1), (scene.Listener, 2)])
        {
            var accepting = listener.AcceptAsync(scene.Token).AsTask();
            var near = await scene.Wait.For(scene.Transport.ConnectAsync(listener.LocalEndPoint, scene.Token));
            var far = Expect.NotNull(await scene.Wait.For(accepting));
            await scene.Wait.For(near.Control.Output.WriteAsync(new[] { number }, scene.Token).AsTask());
            Expect.Equal(number, (await TestBytes.ReadAsync(scene, far.Control, 1))[0], "the client's number");
            await scene.Wait.For(near.DisposeAsync());
            await scene.Wait.For(far.DisposeAsync());
        }
    }
}
