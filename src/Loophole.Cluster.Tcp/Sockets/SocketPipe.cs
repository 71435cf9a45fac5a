using System.IO.Pipelines;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>The two pipes between a socket and its user.</summary>
internal sealed class SocketPipe(PipeOptions options) : IDuplexPipe
{
    /// <summary>From the socket to the user.</summary>
    public Pipe Inbound { get; } = new(options);

    /// <summary>From the user to the socket.</summary>
    public Pipe Outbound { get; } = new(options);

    PipeReader IDuplexPipe.Input => Inbound.Reader;

    PipeWriter IDuplexPipe.Output => Outbound.Writer;
}
