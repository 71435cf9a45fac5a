using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Scenes;

/// <summary>A transport, a listener, and one connection over it: what a case runs on.</summary>
internal sealed class TransportScene : IAsyncDisposable
{
    private TransportScene(
        TransportSubject subject, CountingMemoryPool pool, Deadline wait, IClusterTransport transport, IClusterListener listener, IClusterConnection near, IClusterConnection far)
    {
        Subject = subject;
        Pool = pool;
        Wait = wait;
        Transport = transport;
        Listener = listener;
        Near = near;
        Far = far;
    }

    public TransportSubject Subject { get; }

    public CountingMemoryPool Pool { get; }

    public Deadline Wait { get; }

    public CancellationToken Token => Wait.Token;

    public IClusterTransport Transport { get; }

    public IClusterListener Listener { get; }

    /// <summary>The end that connected.</summary>
    public IClusterConnection Near { get; }

    /// <summary>The end that accepted.</summary>
    public IClusterConnection Far { get; }

    public static async Task<TransportScene> StartAsync(TransportSubject subject, CountingMemoryPool pool, CancellationToken token)
    {
        var wait = new Deadline(subject.TimeLimit, subject.Clock, token);
        var transport = subject.CreateTransport(pool);
        var listener = await wait.For(transport.ListenAsync(subject.ListenEndPoint, token));
        var (near, far) = await ConnectAsync(transport, listener, wait);
        return new TransportScene(subject, pool, wait, transport, listener, near, far);
    }

    /// <summary>One more connection.</summary>
    public Task<(IClusterConnection Near, IClusterConnection Far)> ConnectAsync() => ConnectAsync(Transport, Listener, Wait);

    public async Task<(IClusterChannel Near, IClusterChannel Far)> ChannelAsync(ChannelPurpose purpose)
    {
        var near = await Wait.For(Near.OpenChannelAsync(purpose, Token));
        var far = await Wait.For(Far.AcceptChannelAsync(Token));
        return (near, Expect.NotNull(far));
    }

    public async Task<(IAudioLink Near, IAudioLink Far)> LinkAsync()
    {
        var near = await Wait.For(Near.OpenAudioLinkAsync(Token));
        var far = await Wait.For(Far.AcceptAudioLinkAsync(Token));
        return (near, Expect.NotNull(far));
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

        var flushing = far.FlushAsync(Token).AsTask();
        await HearAsync(near, heard => heard.Credits.Count == streams.Length, $"the credits of {streams.Length} streams");
        await Wait.For(flushing);
        return (near, far);
    }

    /// <summary>Receives until enough has arrived.</summary>
    public async Task<BlockRecorder> HearAsync(IAudioLink link, Func<BlockRecorder, bool> isEnough, string what)
    {
        var heard = new BlockRecorder();
        while (!isEnough(heard))
        {
            Expect.True(await Wait.For(link.ReceiveAsync(heard, Token), what), what, $"the link ended after {heard.Blocks.Count} blocks");
        }

        return heard;
    }

    /// <summary>Receives a number of blocks, and no more than that.</summary>
    public async Task<List<ReceivedBlock>> ReceiveAsync(IAudioLink link, int blocks)
    {
        var heard = await HearAsync(link, heard => heard.Blocks.Count >= blocks, $"the arrival of {blocks} blocks");
        Expect.Equal(blocks, heard.Blocks.Count, "the number of blocks that arrived");
        return heard.Blocks;
    }

    /// <summary>Receives until the peer has completed.</summary>
    public async Task<List<ReceivedBlock>> ReceiveToEndAsync(IAudioLink link)
    {
        var heard = new BlockRecorder();
        while (await Wait.For(link.ReceiveAsync(heard, Token), "the end of the link"))
        {
        }

        return heard.Blocks;
    }

    /// <summary>Receives until the link fails, which must be because the peer reset it. An end whose buffers are full sees a reset only once it reads.</summary>
    public async Task<AudioLinkException> HearResetAsync(IAudioLink link, BlockRecorder? heard = null)
    {
        IAudioLinkReceiver receiver = heard is null ? new BlockCounter() : heard;
        async Task ReceiveAllAsync()
        {
            while (await Wait.For(link.ReceiveAsync(receiver, Token), "the peer's reset"))
            {
            }
        }

        var failure = await Expect.ThrowsAsync<AudioLinkException>(ReceiveAllAsync(), "receiving from a peer that reset the link");
        Expect.Equal(AudioLinkError.PeerReset, failure.Error, "the link's error");
        return failure;
    }

    /// <summary>Lets go after a failure: whatever hangs or throws now is not the news.</summary>
    public async Task AbandonAsync()
    {
        try
        {
            Near.Abort("The case failed.");
            Far.Abort("The case failed.");
            await DisposeAsync();
        }
        catch (Exception)
        {
            // The case throws what it found first.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Wait.For(Near.DisposeAsync());
        await Wait.For(Far.DisposeAsync());
        await Wait.For(Listener.DisposeAsync());
        await Wait.For(Transport.DisposeAsync());
    }

    private static async Task<(IClusterConnection Near, IClusterConnection Far)> ConnectAsync(IClusterTransport transport, IClusterListener listener, Deadline wait)
    {
        var accepting = listener.AcceptAsync(wait.Token).AsTask();
        var near = await wait.For(transport.ConnectAsync(listener.LocalEndPoint, wait.Token));
        return (near, Expect.NotNull(await wait.For(accepting)));
    }
}
