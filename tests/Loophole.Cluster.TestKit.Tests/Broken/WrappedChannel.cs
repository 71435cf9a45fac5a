using System.IO.Pipelines;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Passes everything on, the output through one function and the input through another.</summary>
internal class WrappedChannel(IClusterChannel inner, Func<PipeWriter, PipeWriter>? wrapOutput = null, Func<PipeReader, PipeReader>? wrapInput = null) : IClusterChannel
{
    public virtual ChannelPurpose Purpose => inner.Purpose;

    public virtual CancellationToken Closed => inner.Closed;

    public PipeReader Input { get; } = wrapInput?.Invoke(inner.Input) ?? inner.Input;

    public PipeWriter Output { get; } = wrapOutput?.Invoke(inner.Output) ?? inner.Output;

    public virtual void Abort(string reason) => inner.Abort(reason);

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}
