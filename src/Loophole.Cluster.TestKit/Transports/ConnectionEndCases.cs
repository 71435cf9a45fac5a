using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Transports;

/// <summary>Clauses of <see cref="IClusterConnection"/> about its end.</summary>
internal static class ConnectionEndCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("XPRT-040", "A disposed connection ends the peer's in good order: what was written is read to its end.", "IClusterConnection", DisposedAsync),
        TransportCase.On("XPRT-041", "An aborted connection resets the peer's, with all its channels.", "IClusterConnection.Abort", AbortedAsync),
        TransportCase.On("XPRT-042", "Abort is idempotent, before and after disposal, and never blocks, writers stuck or not.", "IClusterConnection.Abort", AbortNeverBlocksAsync),
        TransportCase.On("XPRT-043", "Closed of a connection fires once, and a callback that blocks holds up neither the abort nor the peer.", "IClusterConnection.Closed", CallbackAsync),
        TransportCase.On("XPRT-044", "Disposal is idempotent, from many threads at once, at both ends.", "IClusterConnection", DisposedAtOnceAsync),
        TransportCase.On("XPRT-045", "A closed connection opens nothing, and says who ended it.", "IClusterConnection.OpenChannelAsync", OpensNothingAsync),
        TransportCase.On("XPRT-046", "A connection that is lost leaves others of the transport alone.", "IClusterConnection", OthersGoOnAsync),
    ];

    private static async Task DisposedAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.Media);
        var bytes = TestBytes.Of(1000, 5);
        await scene.Wait.For(near.Output.WriteAsync(bytes, scene.Token).AsTask());
        var disposing = scene.Near.DisposeAsync().AsTask();
        await scene.Wait.For(scene.Far.Closed);
        TestBytes.ExpectSame(bytes, await TestBytes.ReadToEndAsync(scene, far));
        Expect.Equal(0, (await TestBytes.ReadToEndAsync(scene, scene.Far.Control)).Length, "the number of bytes on the control channel");
        await scene.Wait.For(scene.Far.DisposeAsync());
        await scene.Wait.For(disposing);
        Expect.True(scene.Near.Closed.IsCancellationRequested);
    }

    private static async Task AbortedAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.Media);
        var reading = scene.Far.Control.Input.ReadAsync(scene.Token).AsTask();
        scene.Near.Abort("test");
        await scene.Wait.For(scene.Near.Closed);
        await scene.Wait.For(scene.Far.Closed);
        await scene.Wait.For(near.Closed);
        await scene.Wait.For(far.Closed);
        Expect.Equal(TransportError.PeerReset, (await Expect.ThrowsAsync<TransportException>(scene.Wait.For(reading))).Error, "the error at the peer");
        var own = await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => near.Input.ReadAsync(scene.Token))));
        Expect.Equal(TransportError.Aborted, own.Error, "the error at the end that aborted");
    }

    private static async Task AbortNeverBlocksAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.Media);
        var (_, stuck) = await TestBytes.FillAsync(scene, near, scene.Token);
        await scene.Wait.For(Task.Run(() => scene.Near.Abort("test")), "the return of Abort");
        var thrown = await Expect.CatchAsync(scene.Wait.For(stuck, "the end of a write that was stuck"));
        Expect.True(thrown is null or TransportException, "a stuck write to end with TransportException", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
        await scene.Wait.For(far.Closed);
        scene.Near.Abort("again");
        scene.Far.Abort("too late");
        await scene.Wait.For(scene.Near.DisposeAsync());
        scene.Near.Abort("after disposal");
    }

    private static async Task CallbackAsync(TransportScene scene)
    {
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        foreach (var closed in (CancellationToken[])[scene.Near.Closed, scene.Far.Closed])
        {
            closed.UnsafeRegister(
                _ =>
                {
                    if (Interlocked.Increment(ref calls) == 2)
                    {
                        entered.SetResult();
                    }

                    release.Wait(scene.Subject.TimeLimit);
                },
                null);
        }

        var (near, far) = await scene.ConnectAsync();
        await scene.Wait.For(Task.Run(() => scene.Near.Abort("test")), "the return of Abort while a callback blocks");
        await scene.Wait.For(entered.Task, "the callbacks of Closed at both ends");
        await TestBytes.SendAsync(scene, near.Control, far.Control, 10);
        release.Set();
        scene.Near.Abort("again");
        await scene.Wait.For(scene.Near.DisposeAsync());
        await scene.Wait.For(scene.Far.DisposeAsync());
        Expect.Equal(2, calls, "the number of callbacks of Closed");
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
    }

    private static async Task DisposedAtOnceAsync(TransportScene scene)
    {
        for (var round = 0; round < 10; round++)
        {
            var (near, far) = await scene.ConnectAsync();
            await scene.Wait.For(near.OpenChannelAsync(ChannelPurpose.State, scene.Token));
            await scene.Wait.For(near.OpenAudioLinkAsync(scene.Token));
            await scene.Wait.For(Task.WhenAll(Enumerable.Range(0, 3).SelectMany(_ => new[]
            {
                Task.Run(async () => await near.DisposeAsync()), Task.Run(async () => await far.DisposeAsync()),
            })), "disposal from six threads");
            Expect.True(near.Closed.IsCancellationRequested);
            Expect.True(far.Closed.IsCancellationRequested);
        }
    }

    private static async Task OpensNothingAsync(TransportScene scene)
    {
        var (near, far) = await scene.ConnectAsync();
        near.Abort("test");
        await scene.Wait.For(far.Closed);
        Expect.Equal(TransportError.Aborted, (await OpenAsync(scene, near)).Error, "the error at the end that aborted");
        Expect.Equal(TransportError.PeerReset, (await OpenAsync(scene, far)).Error, "the error at the other end");
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());

        await scene.Wait.For(scene.Near.DisposeAsync());
        await scene.Wait.For(scene.Far.Closed);
        await OpenAsync(scene, scene.Near);
        await OpenAsync(scene, scene.Far);
    }

    private static async Task<TransportException> OpenAsync(TransportScene scene, IClusterConnection connection)
    {
        await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => connection.OpenAudioLinkAsync(scene.Token))), "opening a link on a closed connection");
        return await Expect.ThrowsAsync<TransportException>(
            scene.Wait.For(Calling.Async(() => connection.OpenChannelAsync(ChannelPurpose.Media, scene.Token))), "opening a channel on a closed connection");
    }

    private static async Task OthersGoOnAsync(TransportScene scene)
    {
        var (near, far) = await scene.ConnectAsync();
        far.Abort("test");
        await scene.Wait.For(near.Closed);
        await TestBytes.RoundTripAsync(scene);
        await scene.LinkAsync(5000, TestAudio.Stereo);
        Expect.False(scene.Near.Closed.IsCancellationRequested);
        Expect.False(scene.Far.Closed.IsCancellationRequested);
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
    }
}
