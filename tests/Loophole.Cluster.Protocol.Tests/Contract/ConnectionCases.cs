using System.Buffers;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>Clauses of <see cref="IClusterTransport"/>, <see cref="IClusterConnection"/> and <see cref="IClusterChannel"/>.</summary>
public static class ConnectionCases
{
    public static IReadOnlyDictionary<string, Func<Scene, Task>> All { get; } = new Dictionary<string, Func<Scene, Task>>
    {
        ["control carries bytes both ways"] = ControlCarriesBytes,
        ["channels open from both ends"] = ChannelsOpenFromBothEnds,
        ["links open from both ends"] = LinksOpenFromBothEnds,
        ["control and audio are no channels to open"] = PurposesAreChecked,
        ["a completed channel is read to its end"] = ChannelDrains,
        ["an aborted channel resets its peer alone"] = ChannelAbort,
        ["a disposed connection ends the peer's in good order"] = DisposeEndsPeer,
        ["an aborted connection resets the peer's"] = AbortResetsPeer,
        ["a cancelled accept loses nothing"] = CancelledAccept,
        ["a disposed listener ends accepting"] = ListenerEnds,
        ["nobody listening is unreachable"] = NobodyListens,
        ["an endpoint in use is refused"] = EndPointInUse,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task ControlCarriesBytes(Scene scene)
    {
        Assert.Equal(ChannelPurpose.Control, scene.Near.Control.Purpose);
        await EchoAsync(scene.Near.Control, scene.Far.Control, 1 << 20);
        await EchoAsync(scene.Far.Control, scene.Near.Control, 3);
    }

    private static async Task ChannelsOpenFromBothEnds(Scene scene)
    {
        foreach (var purpose in (ChannelPurpose[])[ChannelPurpose.Events, ChannelPurpose.State, ChannelPurpose.Media, ChannelPurpose.PluginUi])
        {
            foreach (var (opener, accepter) in ((IClusterConnection, IClusterConnection)[])[(scene.Near, scene.Far), (scene.Far, scene.Near)])
            {
                var accepting = accepter.AcceptChannelAsync(Token).AsTask();
                await using var near = await Wait.For(opener.OpenChannelAsync(purpose, Token));
                await using var far = await Wait.For(accepting);
                Assert.Equal((purpose, purpose), (near.Purpose, far!.Purpose));
                await EchoAsync(near, far, 70_000);
                await EchoAsync(far, near, 70_000);
            }
        }
    }

    private static async Task LinksOpenFromBothEnds(Scene scene)
    {
        var near = await Wait.For(scene.Near.OpenAudioLinkAsync(Token));
        Assert.NotNull(await Wait.For(scene.Far.AcceptAudioLinkAsync(Token)));
        var far = await Wait.For(scene.Far.OpenAudioLinkAsync(Token));
        Assert.NotNull(await Wait.For(scene.Near.AcceptAudioLinkAsync(Token)));
        Assert.NotSame(near, far);
    }

    private static async Task PurposesAreChecked(Scene scene)
    {
        foreach (var purpose in (ChannelPurpose[])[ChannelPurpose.Control, ChannelPurpose.Audio, (ChannelPurpose)0, (ChannelPurpose)99])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scene.Near.OpenChannelAsync(purpose, Token).AsTask());
        }
    }

    private static async Task ChannelDrains(Scene scene)
    {
        var near = await Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.Media, Token));
        var far = await Wait.For(scene.Far.AcceptChannelAsync(Token));
        var bytes = new byte[300_000];
        new Random(4).NextBytes(bytes);
        await Wait.For(near.Output.WriteAsync(bytes, Token).AsTask());
        await Wait.For(near.DisposeAsync());
        Assert.True(near.Closed.IsCancellationRequested);
        Assert.Equal(bytes, await ReadToEndAsync(far!));
        await Wait.For(far!.DisposeAsync());
    }

    private static async Task ChannelAbort(Scene scene)
    {
        var near = await Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.State, Token));
        var far = await Wait.For(scene.Far.AcceptChannelAsync(Token));
        var reading = far!.Input.ReadAsync(Token).AsTask();
        near.Abort("test");
        near.Abort("again");
        Assert.Equal(TransportError.PeerReset, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(reading))).Error);
        await Wait.For(far.Closed);
        await Wait.For(near.Closed);
        Assert.Equal(TransportError.Aborted, (await Assert.ThrowsAsync<TransportException>(() => near.Input.ReadAsync(Token).AsTask())).Error);
        Assert.Throws<TransportException>(() => near.Output.GetMemory(1));
        await EchoAsync(scene.Near.Control, scene.Far.Control, 10);
    }

    private static async Task DisposeEndsPeer(Scene scene)
    {
        var near = await Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.Media, Token));
        var far = await Wait.For(scene.Far.AcceptChannelAsync(Token));
        await Wait.For(near.Output.WriteAsync(new byte[1000], Token).AsTask());
        var accepting = scene.Far.AcceptChannelAsync(Token).AsTask();
        await Wait.For(scene.Near.DisposeAsync());
        await Wait.For(scene.Near.DisposeAsync());
        await Wait.For(scene.Far.Closed);
        Assert.Null(await Wait.For(accepting));
        Assert.Equal(1000, (await ReadToEndAsync(far!)).Length);
        Assert.Empty(await ReadToEndAsync(scene.Far.Control));
        await Assert.ThrowsAsync<TransportException>(() => Wait.For(scene.Far.OpenChannelAsync(ChannelPurpose.Media, Token)));
        await Assert.ThrowsAsync<TransportException>(() => Wait.For(scene.Near.OpenAudioLinkAsync(Token)));
    }

    private static async Task AbortResetsPeer(Scene scene)
    {
        var near = await Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.Media, Token));
        var far = await Wait.For(scene.Far.AcceptChannelAsync(Token));
        var reading = scene.Far.Control.Input.ReadAsync(Token).AsTask();
        scene.Near.Abort("test");
        await Wait.For(scene.Near.Closed);
        await Wait.For(scene.Far.Closed);
        await Wait.For(near.Closed);
        await Wait.For(far!.Closed);
        Assert.Equal(TransportError.PeerReset, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(reading))).Error);
        var lost = await Assert.ThrowsAsync<TransportException>(() => Wait.For(scene.Near.OpenAudioLinkAsync(Token)));
        Assert.Equal(TransportError.Aborted, lost.Error);
    }

    private static async Task CancelledAccept(Scene scene)
    {
        using var own = new CancellationTokenSource();
        var accepting = scene.Far.AcceptChannelAsync(own.Token).AsTask();
        var linking = scene.Far.AcceptAudioLinkAsync(own.Token).AsTask();
        var listening = scene.Listener.AcceptAsync(own.Token).AsTask();
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => linking);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Transport.ConnectAsync(scene.Listener.LocalEndPoint, own.Token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Near.OpenAudioLinkAsync(own.Token).AsTask());
        await Wait.For(scene.Near.OpenChannelAsync(ChannelPurpose.Media, Token));
        Assert.NotNull(await Wait.For(scene.Far.AcceptChannelAsync(Token)));
    }

    private static async Task ListenerEnds(Scene scene)
    {
        var listening = scene.Listener.AcceptAsync(Token).AsTask();
        await Wait.For(scene.Listener.DisposeAsync());
        Assert.Null(await Wait.For(listening));
        Assert.Null(await Wait.For(scene.Listener.AcceptAsync(Token)));
        await EchoAsync(scene.Near.Control, scene.Far.Control, 10);
        var refused = await Assert.ThrowsAsync<TransportException>(() => Wait.For(scene.Transport.ConnectAsync(scene.Listener.LocalEndPoint, Token)));
        Assert.Equal(TransportError.Unreachable, refused.Error);
    }

    private static async Task NobodyListens(Scene scene)
    {
        await Wait.For(scene.Listener.DisposeAsync());
        var failure = await Assert.ThrowsAsync<TransportException>(() => Wait.For(scene.Transport.ConnectAsync(scene.Listener.LocalEndPoint, Token)));
        Assert.Equal(TransportError.Unreachable, failure.Error);
    }

    private static async Task EndPointInUse(Scene scene)
    {
        var failure = await Assert.ThrowsAsync<TransportException>(() => Wait.For(scene.Transport.ListenAsync(scene.Listener.LocalEndPoint, Token)));
        Assert.Equal(TransportError.BadEndPoint, failure.Error);
        var malformed = await Assert.ThrowsAsync<TransportException>(() => Wait.For(scene.Transport.ListenAsync(new Uri("carrier-pigeon://x:1"), Token)));
        Assert.Equal(TransportError.BadEndPoint, malformed.Error);
    }

    private static async Task EchoAsync(IClusterChannel from, IClusterChannel to, int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var writing = from.Output.WriteAsync(bytes, Token).AsTask();
        var got = new List<byte>();
        while (got.Count < length)
        {
            var result = await Wait.For(to.Input.ReadAsync(Token));
            got.AddRange(result.Buffer.ToArray());
            to.Input.AdvanceTo(result.Buffer.End);
        }

        Assert.Equal(bytes, got);
        await Wait.For(writing);
    }

    private static async Task<byte[]> ReadToEndAsync(IClusterChannel channel)
    {
        var got = new List<byte>();
        while (true)
        {
            var result = await Wait.For(channel.Input.ReadAsync(Token));
            got.AddRange(result.Buffer.ToArray());
            channel.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return [.. got];
            }
        }
    }
}
