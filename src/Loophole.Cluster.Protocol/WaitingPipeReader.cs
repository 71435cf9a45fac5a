using System.IO.Pipelines;

namespace Loophole.Cluster.Protocol;

/// <summary>A pipe's reading end that a thread can also wait at by itself, with no other thread to wake it. A transport that can read its
/// network on the calling thread derives its audio channels' readers from it; <see cref="PipeAudioLink"/> does the rest.</summary>
/// <remarks><see cref="PipeReader.TryRead"/> looks at the network, never waits, and costs a system call at the most. <see cref="TryRead(TimeSpan, out ReadResult)"/> sleeps.
/// Between the two stands the choice of how to wait, which is the link's and not the transport's.</remarks>
public abstract class WaitingPipeReader : PipeReader
{
    /// <summary>Whether sleeping works; a reader that wraps another may not know before it is made. [any]</summary>
    public virtual bool CanWait => true;

    /// <summary>As <see cref="PipeReader.TryRead"/>, but sleeps on the calling thread until something has come or the time is up. Allocates nothing.
    /// May return sooner, with nothing. An end of the channel, from either side, or <see cref="PipeReader.CancelPendingRead"/> wakes it
    /// or is met when the time is up. [receiver]</summary>
    /// <param name="longest">The longest sleep, up to 100 ms; zero for a look. What a system cannot time this finely it rounds up.</param>
    /// <param name="result">What there is.</param>
    /// <returns><see langword="false"/> when nothing has come.</returns>
    /// <exception cref="IOException">The channel has ended.</exception>
    /// <exception cref="NotSupportedException"><see cref="CanWait"/> is <see langword="false"/>.</exception>
    public abstract bool TryRead(TimeSpan longest, out ReadResult result);
}
