using System.IO.Pipelines;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>The pipes of one end of a channel: what it writes waits for a flow, and what arrives comes from another one.</summary>
internal sealed class FlowPipe(PipeOptions options) : IDuplexPipe
{
    private readonly Pipe _inbound = new(options);
    private readonly FlowPipeWriter _output = new(new Pipe(options));

    public PipeReader Input => _inbound.Reader;

    public PipeWriter Output => _output;

    /// <summary>Where the flow that carries away takes the bytes from.</summary>
    public PipeReader Written => _output.Written;

    /// <summary>Where the flow that brings puts them.</summary>
    public PipeWriter Arriving => _inbound.Writer;

    /// <summary>Sets the flow that carries away. Called once, before anything is written.</summary>
    public void Attach(ImpairedFlow flow) => _output.Attach(flow);
}
