using System.IO.Pipelines;

namespace Loophole.Cluster.Protocol.Transports;

/// <summary>Two pipe ends as one.</summary>
internal sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}
