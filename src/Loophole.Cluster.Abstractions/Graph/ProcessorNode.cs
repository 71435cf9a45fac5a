namespace Loophole.Cluster.Graph;

/// <summary>A processor by kind: fader, pan, meter, equaliser, compressor and so on (see <c>IProcessorFactory</c>).</summary>
public sealed record ProcessorNode : GraphNode
{
    /// <summary>The processor's kind, such as <c>fader</c> or <c>equalizer</c>.</summary>
    public required string Processor { get; init; }
}
