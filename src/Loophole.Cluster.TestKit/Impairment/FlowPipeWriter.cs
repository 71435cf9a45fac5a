using System.IO.Pipelines;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>A pipe's writer that wakes the flow behind it on the writer's own thread.</summary>
internal sealed class FlowPipeWriter(Pipe pipe) : PipeWriter
{
    private ImpairedFlow? _flow;

    public PipeReader Written => pipe.Reader;

    public override bool CanGetUnflushedBytes => pipe.Writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => pipe.Writer.UnflushedBytes;

    public void Attach(ImpairedFlow flow) => _flow = flow;

    public override Memory<byte> GetMemory(int sizeHint = 0) => pipe.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => pipe.Writer.GetSpan(sizeHint);

    public override void Advance(int bytes) => pipe.Writer.Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushing = pipe.Writer.FlushAsync(cancellationToken);
        _flow?.Wake();
        return flushing;
    }

    public override void CancelPendingFlush() => pipe.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        pipe.Writer.Complete(exception);
        _flow?.Wake();
    }
}
