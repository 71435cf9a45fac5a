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
        var wait = new Deadline(subject.TimeLimit, token);
        var transport = subject.CreateTransport(pool);
        await using (transport.ConfigureAwait(false))
        {
            var listener = await wait.For(transport.ListenAsync(subject.ListenEndPoint, token)).ConfigureAwait(false);
            await using (listener.ConfigureAwait(false))
            {
                var options = new ImpairmentRelayOptions { Protocol = subject.Protocol, Pool = pool };
                var relay = new ImpairmentRelay(subject.SocketOf(listener.LocalEndPoint), options);
                await using (relay.ConfigureAwait(false))
                {
                    await body(new RelayScene(subject, transport, listener, relay, wait)).ConfigureAwait(false);
                }
            }
        }

        await wait.For(pool.WaitUntilEmptyAsync(token), "the return of every rented buffer").ConfigureAwait(false);
        Expect.Equal(0, pool.WritesAfterReturn, "the number of buffers written to after their return");
    }

    /// <summary>Runs a body on a connection with a link, on which blocks may be sent from near to far without end.</summary>
    public async Task WithLinkAsync(Func<LinkedEnds, Task> body)
    {
        var accepting = Listener.AcceptAsync(Wait.Token).AsTask();
        var near = await Wait.For(Transport.ConnectAsync(Remote, Wait.Token), "a connection through the relay").ConfigureAwait(false);
        await using var endingNear = near.ConfigureAwait(false);
        var far = Expect.NotNull(await Wait.For(accepting, "the accepted connection").ConfigureAwait(false));
        await using var endingFar = far.ConfigureAwait(false);
        var sending = await Wait.For(near.OpenAudioLinkAsync(Wait.Token), "a link through the relay").ConfigureAwait(false);
        var receiving = Expect.NotNull(await Wait.For(far.AcceptAudioLinkAsync(Wait.Token), "the accepted link").ConfigureAwait(false));
        sending.OpenStream(Stream, StreamDirection.Send);
        receiving.OpenStream(Stream, StreamDirection.Receive);
        receiving.Grant(Stream.Id, 1 << 30);
        await Wait.For(receiving.FlushAsync(Wait.Token), "the credit to leave").ConfigureAwait(false);
        var ends = new LinkedEnds(near, far, sending, receiving, Stream, Wait);
        await ends.HearCreditAsync().ConfigureAwait(false);
        await body(ends).ConfigureAwait(false);
    }
}
