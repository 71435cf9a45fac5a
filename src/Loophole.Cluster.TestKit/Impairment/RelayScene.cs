using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>A transport, a listener, and a relay before it.</summary>
internal sealed class RelayScene
{
    private static readonly AudioStream Stream = new(Id: 1, Epoch: 0, AudioChannels: 2, MaxFramesPerBlock: 256, StartFrame: 0);

    private RelayScene(RelaySubject subject, IClusterTransport transport, IClusterListener listener, ImpairmentRelay relay, Deadline wait) =>
        (Subject, Transport, Listener, Relay, Wait) = (subject, transport, listener, relay, wait);

    public RelaySubject Subject { get; }

    public IClusterTransport Transport { get; }

    public IClusterListener Listener { get; }

    public ImpairmentRelay Relay { get; }

    public Deadline Wait { get; }

    public Uri Remote => Relay.Through(Listener.LocalEndPoint);

    /// <summary>Runs a body on a fresh scene and ends with nothing rented.</summary>
    public static async Task RunAsync(RelaySubject subject, Func<RelayScene, Task> body, CancellationToken token)
    {
        using var pool = new CountingMemoryPool();
        var wait = new Deadline(subject.TimeLimit, subject.Clock, token);
        var transport = subject.CreateTransport(pool);
        var listener = await wait.For(transport.ListenAsync(subject.ListenEndPoint, token)).ConfigureAwait(false);
        var options = new ImpairmentRelayOptions { Protocol = subject.Protocol, Pool = pool };
        var relay = new ImpairmentRelay(subject.SocketOf(listener.LocalEndPoint), options);
        try
        {
            await body(new RelayScene(subject, transport, listener, relay, wait)).ConfigureAwait(false);
        }
        catch
        {
            await AbandonAsync(wait, relay, listener, transport).ConfigureAwait(false);
            throw;
        }

        await DisposeAsync(wait, relay, listener, transport).ConfigureAwait(false);
        await wait.For(pool.WaitUntilEmptyAsync(token), "the return of every rented buffer").ConfigureAwait(false);
        Expect.Equal(0, pool.WritesAfterReturn, "the number of buffers written to after their return");
    }

    /// <summary>Runs a body on a connection with a link, on which blocks may be sent from near to far without end.</summary>
    public async Task WithLinkAsync(Func<LinkedEnds, Task> body)
    {
        var accepting = Listener.AcceptAsync(Wait.Token).AsTask();
        var near = await Wait.For(Transport.ConnectAsync(Remote, Wait.Token), "a connection through the relay").ConfigureAwait(false);
        var far = Expect.NotNull(await Wait.For(accepting, "the accepted connection").ConfigureAwait(false));
        try
        {
            await body(await LinkAsync(near, far).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch
        {
            near.Abort("The case failed.");
            far.Abort("The case failed.");
            await AbandonAsync(Wait, near, far).ConfigureAwait(false);
            throw;
        }

        await DisposeAsync(Wait, near, far).ConfigureAwait(false);
    }

    private async Task<LinkedEnds> LinkAsync(IClusterConnection near, IClusterConnection far)
    {
        var sending = await Wait.For(near.OpenAudioLinkAsync(Wait.Token), "a link through the relay").ConfigureAwait(false);
        var receiving = Expect.NotNull(await Wait.For(far.AcceptAudioLinkAsync(Wait.Token), "the accepted link").ConfigureAwait(false));
        sending.OpenStream(Stream, StreamDirection.Send);
        receiving.OpenStream(Stream, StreamDirection.Receive);
        receiving.Grant(Stream.Id, 1 << 30);
        await Wait.For(receiving.FlushAsync(Wait.Token), "the credit to leave").ConfigureAwait(false);
        var ends = new LinkedEnds(near, far, sending, receiving, Stream, Wait);
        await ends.HearCreditAsync().ConfigureAwait(false);
        return ends;
    }

    private static async Task DisposeAsync(Deadline wait, params IAsyncDisposable[] parts)
    {
        foreach (var part in parts)
        {
            await wait.For(part.DisposeAsync(), $"the disposal of {part.GetType().Name}").ConfigureAwait(false);
        }
    }

    /// <summary>Lets go after a failure: whatever hangs or throws now is not the news.</summary>
    private static async Task AbandonAsync(Deadline wait, params IAsyncDisposable[] parts)
    {
        foreach (var part in parts)
        {
            try
            {
                await DisposeAsync(wait, part).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The case throws what it found first.
            }
        }
    }
}
