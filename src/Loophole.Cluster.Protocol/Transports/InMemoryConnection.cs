using System.IO.Pipelines;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>One end of an in-memory connection.</summary>
internal sealed class InMemoryConnection : PipeClusterConnection
{
    private readonly PipeOptions _options;
    private InMemoryConnection? _peer;

    private InMemoryConnection(PipeOptions options, InMemoryChannel control, Uri remote, ILoggerFactory? loggerFactory)
        : base(control, remote, TransportSecurity.SameMachine, null, null, loggerFactory) => _options = options;

    public static (InMemoryConnection Near, InMemoryConnection Far) CreatePair(PipeOptions options, Uri remote, Uri client, ILoggerFactory? loggerFactory)
    {
        var (nearControl, farControl) = InMemoryChannel.CreatePair(options, ChannelPurpose.Control);
        var near = new InMemoryConnection(options, nearControl, remote, loggerFactory);
        var far = new InMemoryConnection(options, farControl, client, loggerFactory);
        (near._peer, far._peer) = (far, near);
        return (near, far);
    }

    protected override async ValueTask<PipeClusterChannel> OpenPipeAsync(ChannelPurpose purpose, CancellationToken cancellationToken)
    {
        var (near, far) = InMemoryChannel.CreatePair(_options, purpose);
        if (_peer!.TryAccept(far))
        {
            return near;
        }

        await near.DisposeAsync().ConfigureAwait(false);
        await far.DisposeAsync().ConfigureAwait(false);
        throw new TransportException(TransportError.Refused, $"{RemoteEndPoint} refused a {purpose} channel.");
    }

    protected override void OnClosed() => _peer!.OnPeerClosed();
}
