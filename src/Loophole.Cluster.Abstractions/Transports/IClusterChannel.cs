using System.IO.Pipelines;

namespace Loophole.Cluster.Transports;

/// <summary>One ordered, lossless, flow-controlled pair of byte streams with a purpose. Disposing completes both pipes.</summary>
/// <remarks>Reads and writes of a lost channel fail with <see cref="TransportException"/>; a peer that completed its side ends the reads. (XPRT-050 to XPRT-062)</remarks>
public interface IClusterChannel : IDuplexPipe, IAsyncDisposable
{
    /// <summary>What it carries. [any]</summary>
    ChannelPurpose Purpose { get; }

    /// <summary>Fires once, when the channel is lost, aborted or disposed. Callbacks run off the I/O path (XPRT-054). [any]</summary>
    CancellationToken Closed { get; }

    /// <summary>Ends the channel at once, both ways. Idempotent, never throws, never blocks (XPRT-053). [any]</summary>
    /// <param name="reason">For this side's log; not sent to the peer.</param>
    void Abort(string reason);
}
