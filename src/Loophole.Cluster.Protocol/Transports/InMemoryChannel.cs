using System.IO.Pipelines;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>One end of a pair of pipes.</summary>
internal sealed class InMemoryChannel : PipeClusterChannel
{
    private InMemoryChannel? _peer;

    private InMemoryChannel(IDuplexPipe pipe, ChannelPurpose purpose)
        : base(pipe, purpose)
    {
    }

    public static (InMemoryChannel Near, InMemoryChannel Far) CreatePair(PipeOptions options, ChannelPurpose purpose)
    {
        var (there, back) = (new Pipe(options), new Pipe(options));
        var near = new InMemoryChannel(new DuplexPipe(back.Reader, there.Writer), purpose);
        var far = new InMemoryChannel(new DuplexPipe(there.Reader, back.Writer), purpose);
        (near._peer, far._peer) = (far, near);
        return (near, far);
    }

    protected override void OnFailed(TransportException cause) =>
        _peer?.Fail(new TransportException(TransportError.PeerReset, "The peer aborted the channel."));
}
