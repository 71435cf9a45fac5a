using System.Buffers;
using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>A transport, one connection over it, and on demand a link: what a contract case runs on.</summary>
public sealed class Scene : IAsyncDisposable
{
    private Scene(IClusterTransport transport, IClusterListener listener, IClusterConnection near, IClusterConnection far)
    {
        Transport = transport;
        Listener = listener;
        Near = near;
        Far = far;
    }

    public IClusterTransport Transport { get; }

    public IClusterListener Listener { get; }

    /// <summary>The end that connected.</summary>
    public IClusterConnection Near { get; }

    /// <summary>The end that accepted.</summary>
    public IClusterConnection Far { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Scene> StartAsync(Func<MemoryPool<byte>, IClusterTransport> create, Uri local, MemoryPool<byte> pool)
    {
        var transport = create(pool);
        var listener = await transport.ListenAsync(local, Token);
        var accepting = listener.AcceptAsync(Token).AsTask();
        var near = await Wait.For(transport.ConnectAsync(listener.LocalEndPoint, Token));
        var far = await Wait.For(accepting);
        return new Scene(transport, listener, near, far!);
    }

    public async Task<(IAudioLink Near, IAudioLink Far)> LinkAsync()
    {
        var near = await Wait.For(Near.OpenAudioLinkAsync(Token));
        var far = await Wait.For(Far.AcceptAudioLinkAsync(Token));
        return (near, far!);
    }

    /// <summary>A link with streams open from near to far, and credit granted and known.</summary>
    public async Task<(IAudioLink Near, IAudioLink Far)> LinkAsync(long credit, params AudioStream[] streams)
    {
        var (near, far) = await LinkAsync();
        foreach (var stream in streams)
        {
            near.OpenStream(stream, StreamDirection.Send);
            far.OpenStream(stream, StreamDirection.Receive);
            far.Grant(stream.Id, credit);
        }

        await Wait.For(far.FlushAsync(Token));
        var heard = new Recorder();
        while (heard.Credits.Count < streams.Length)
        {
            Assert.True(await Wait.For(near.ReceiveAsync(heard, Token)));
        }

        return (near, far);
    }

    public async ValueTask DisposeAsync()
    {
        await Wait.For(Near.DisposeAsync());
        await Wait.For(Far.DisposeAsync());
        await Wait.For(Listener.DisposeAsync());
        await Wait.For(Transport.DisposeAsync());
    }
}
