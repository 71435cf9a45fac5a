using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Transports;

/// <summary>Clauses of <see cref="IClusterTransport"/>.</summary>
internal static class TransportCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("XPRT-001", "The scheme is lower case and that of the endpoints.", "IClusterTransport.Scheme", SchemeAsync),
        TransportCase.On("XPRT-002", "Transport and connections state the security that is promised.", "IClusterTransport.Security", SecurityAsync),
        TransportCase.On("XPRT-003", "A fingerprint is there exactly with mutual TLS, the same on every connection with a peer.", "IClusterConnection.RemoteFingerprint", FingerprintAsync),
        TransportCase.On("XPRT-004", "Nobody listening is unreachable.", "TransportError.Unreachable", NobodyListensAsync),
        TransportCase.On("XPRT-005", "An endpoint in use is refused.", "IClusterTransport.ListenAsync", InUseAsync),
        TransportCase.On("XPRT-006", "An endpoint of another scheme is refused, for listening and connecting.", "TransportError.BadEndPoint", OtherSchemeAsync),
        TransportCase.On("XPRT-007", "An endpoint must be given.", "IClusterTransport", NullEndPointAsync),
        TransportCase.On("XPRT-008", "A cancelled attempt to listen or connect throws, and leaves nothing half open.", "IClusterTransport.ConnectAsync", CancelledAsync),
        TransportCase.On("XPRT-009", "The peer sees a connection at once, before anything is sent.", "IClusterTransport.ConnectAsync", SeenAtOnceAsync),
        TransportCase.On("XPRT-010", "Many connect at once; each connection has one peer of its own.", "IClusterTransport", ManyAtOnceAsync),
        TransportCase.On("XPRT-011", "The connecting end names the endpoint it connected to; both ends name some endpoint.", "IClusterConnection.RemoteEndPoint", RemoteEndPointAsync),
        TransportCase.On("XPRT-012", "A disposed transport makes nothing new; disposal is idempotent.", "IClusterTransport", DisposedAsync),
        TransportCase.On(
            "XPRT-013", "Connecting to an endpoint that never answers ends by a deadline of its own, as unreachable.", "IClusterTransport.ConnectAsync", SilentAsync,
            subject => subject.SilentEndPoint is null ? "the subject has no SilentEndPoint" : null),
    ];

    private static Task SchemeAsync(TransportScene scene)
    {
        Expect.Equal(scene.Transport.Scheme.ToLowerInvariant(), scene.Transport.Scheme);
        Expect.Equal(scene.Subject.ListenEndPoint.Scheme, scene.Transport.Scheme);
        Expect.Equal(scene.Transport.Scheme, scene.Listener.LocalEndPoint.Scheme);
        return Task.CompletedTask;
    }

    private static Task SecurityAsync(TransportScene scene)
    {
        Expect.Equal(scene.Subject.Security, scene.Transport.Security);
        Expect.Equal(scene.Subject.Security, scene.Near.Security);
        Expect.Equal(scene.Subject.Security, scene.Far.Security);
        return Task.CompletedTask;
    }

    private static async Task FingerprintAsync(TransportScene scene)
    {
        var isExpected = scene.Subject.Security == TransportSecurity.MutualTls;
        Expect.Equal(isExpected, scene.Near.RemoteFingerprint is not null, "a fingerprint at the connecting end");
        Expect.Equal(isExpected, scene.Far.RemoteFingerprint is not null, "a fingerprint at the accepting end");
        var (near, far) = await scene.ConnectAsync();
        Expect.Equal(scene.Near.RemoteFingerprint, near.RemoteFingerprint, "the fingerprint on a second connection, at the connecting end");
        Expect.Equal(scene.Far.RemoteFingerprint, far.RemoteFingerprint, "the fingerprint on a second connection, at the accepting end");
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
    }

    private static async Task NobodyListensAsync(TransportScene scene)
    {
        var nobody = scene.Subject.UnreachableEndPoint;
        if (nobody is null)
        {
            await scene.Wait.For(scene.Listener.DisposeAsync());
            nobody = scene.Listener.LocalEndPoint;
        }

        var failure = await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => scene.Transport.ConnectAsync(nobody, scene.Token))), "connecting where nobody listens");
        Expect.Equal(TransportError.Unreachable, failure.Error);
    }

    private static async Task InUseAsync(TransportScene scene)
    {
        var taken = await Expect.ThrowsAsync<TransportException>(
            scene.Wait.For(Calling.Async(() => scene.Transport.ListenAsync(scene.Listener.LocalEndPoint, scene.Token))), "listening at an endpoint in use");
        Expect.Equal(TransportError.BadEndPoint, taken.Error);
        await TestBytes.RoundTripAsync(scene);
    }

    private static async Task OtherSchemeAsync(TransportScene scene)
    {
        var pigeon = new Uri("carrier-pigeon://loft:1");
        var listening = await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => scene.Transport.ListenAsync(pigeon, scene.Token))));
        Expect.Equal(TransportError.BadEndPoint, listening.Error);
        var connecting = await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => scene.Transport.ConnectAsync(pigeon, scene.Token))));
        Expect.Equal(TransportError.BadEndPoint, connecting.Error);
    }

    private static async Task NullEndPointAsync(TransportScene scene)
    {
        await Expect.ThrowsAsync<ArgumentNullException>(scene.Wait.For(Calling.Async(() => scene.Transport.ListenAsync(null!, scene.Token))));
        await Expect.ThrowsAsync<ArgumentNullException>(scene.Wait.For(Calling.Async(() => scene.Transport.ConnectAsync(null!, scene.Token))));
    }

    private static async Task CancelledAsync(TransportScene scene)
    {
        var fired = new CancellationToken(canceled: true);
        var listening = scene.Listener.LocalEndPoint;
        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(Calling.Async(() => scene.Transport.ListenAsync(scene.Subject.ListenEndPoint, fired))));
        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(Calling.Async(() => scene.Transport.ConnectAsync(listening, fired))));
        for (var round = 0; round < 10; round++)
        {
            using var own = new CancellationTokenSource();
            var connecting = Calling.Async(() => scene.Transport.ConnectAsync(listening, own.Token));
            await own.CancelAsync();
            var thrown = await Expect.CatchAsync(scene.Wait.For(connecting, "the end of a cancelled attempt to connect"));
            Expect.True(thrown is null or OperationCanceledException, "OperationCanceledException or a connection", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
            if (thrown is null)
            {
                // It was through before the token fired, so the peer has it too.
                await scene.Wait.For((await connecting).DisposeAsync());
            }
        }

        // What was given up may be seen by the listener, but as ended; a good client comes through.
        var good = await scene.Wait.For(scene.Transport.ConnectAsync(listening, scene.Token));
        await scene.Wait.For(good.Control.Output.WriteAsync(new byte[] { 42 }, scene.Token).AsTask());
        while (true)
        {
            var accepted = Expect.NotNull(await scene.Wait.For(scene.Listener.AcceptAsync(scene.Token)));
            var isGood = await IsAliveAsync(scene, accepted);
            await scene.Wait.For(accepted.DisposeAsync());
            if (isGood)
            {
                break;
            }
        }

        await scene.Wait.For(good.DisposeAsync());
    }

    private static async Task<bool> IsAliveAsync(TransportScene scene, IClusterConnection connection)
    {
        try
        {
            var result = await scene.Wait.For(connection.Control.Input.ReadAsync(scene.Token), "the byte or the end of a connection");
            var isAlive = result.Buffer.Length == 1;
            connection.Control.Input.AdvanceTo(result.Buffer.End);
            return isAlive;
        }
        catch (TransportException)
        {
            return false;
        }
    }

    private static async Task SeenAtOnceAsync(TransportScene scene)
    {
        var (near, far) = await scene.ConnectAsync();
        Expect.False(near.Closed.IsCancellationRequested);
        Expect.False(far.Closed.IsCancellationRequested);
        await scene.Wait.For(far.DisposeAsync());
        await scene.Wait.For(near.DisposeAsync());
    }

    private static async Task ManyAtOnceAsync(TransportScene scene)
    {
        const int Connections = 16;
        var connecting = Enumerable.Range(0, Connections).Select(i => Task.Run(async () =>
        {
            var near = await scene.Transport.ConnectAsync(scene.Listener.LocalEndPoint, scene.Token);
            await near.Control.Output.WriteAsync(new byte[] { (byte)i }, scene.Token);
            return near;
        })).ToArray();
        var fars = new List<IClusterConnection>();
        var seen = new SortedDictionary<byte, IClusterConnection>();
        for (var i = 0; i < Connections; i++)
        {
            var far = Expect.NotNull(await scene.Wait.For(scene.Listener.AcceptAsync(scene.Token)));
            fars.Add(far);
            var number = (await TestBytes.ReadAsync(scene, far.Control, 1))[0];
            Expect.True(seen.TryAdd(number, far), "each client to be seen once", $"client {number} was seen twice");
            await scene.Wait.For(far.Control.Output.WriteAsync(new byte[] { (byte)(number + 100) }, scene.Token).AsTask());
        }

        var nears = await scene.Wait.For(Task.WhenAll(connecting));
        for (var i = 0; i < Connections; i++)
        {
            Expect.Equal(i + 100, (await TestBytes.ReadAsync(scene, nears[i].Control, 1))[0], $"the answer to client {i}");
        }

        await scene.Wait.For(Task.WhenAll(nears.Concat(fars).Select(c => c.DisposeAsync().AsTask())), "disposal of all connections");
    }

    private static Task RemoteEndPointAsync(TransportScene scene)
    {
        Expect.Equal(scene.Listener.LocalEndPoint, scene.Near.RemoteEndPoint);
        Expect.NotNull(scene.Far.RemoteEndPoint);
        return Task.CompletedTask;
    }

    private static async Task DisposedAsync(TransportScene scene)
    {
        await scene.Wait.For(scene.Transport.DisposeAsync());
        await scene.Wait.For(scene.Transport.DisposeAsync());
        var connecting = await Expect.CatchAsync(scene.Wait.For(Calling.Async(() => scene.Transport.ConnectAsync(scene.Listener.LocalEndPoint, scene.Token))));
        Expect.True(connecting is ObjectDisposedException or TransportException, "a disposed transport not to connect", $"{connecting?.GetType().Name ?? "nothing"} was thrown");
        var listening = await Expect.CatchAsync(scene.Wait.For(Calling.Async(() => scene.Transport.ListenAsync(scene.Subject.ListenEndPoint, scene.Token))));
        Expect.True(listening is ObjectDisposedException or TransportException, "a disposed transport not to listen", $"{listening?.GetType().Name ?? "nothing"} was thrown");
    }

    private static async Task SilentAsync(TransportScene scene)
    {
        var failure = await Expect.ThrowsAsync<TransportException>(
            scene.Wait.For(Calling.Async(() => scene.Transport.ConnectAsync(scene.Subject.SilentEndPoint!, scene.Token)), "the deadline of connecting"));
        Expect.Equal(TransportError.Unreachable, failure.Error);
    }
}
