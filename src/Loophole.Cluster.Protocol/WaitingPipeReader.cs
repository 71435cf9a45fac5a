using System.IO.Pipelines;

namespace Loophole.Cluster.Protocol;

/// <summary>A pipe's reading end that a thread can also wait at by itself, with no other thread to wake it. A transport that can read its
/// network on the calling thread derives its audio channels' readers from it; <see cref="PipeAudioLink"/> does the rest.</summary>
/// <remarks><see cref="PipeReader.TryRead"/> looks at the network, never waits, and costs a system call at the most. <see cref="Wait"/> sleeps.
/// Between the two stands the choice of how to wait, which is the link's and not the transport's.</remarks>
public abstract class WaitingPipeReader : PipeReader
{
    /// <summary>Whether <see cref="Wait"/> works; a reader that wraps another may not know before it is made. [any]</summary>
    public virtual bool CanWait => true;

    /// <summary>Sleeps on the calling thread until <see cref="PipeReader.TryRead"/> is worth a call, or the time is up. Consumes nothing and
    /// allocates nothing. An end of the channel, from either side, wakes it or is met when the time is up. [receiver]</summary>
    /// <param name="milliseconds">The longest sleep, 1 to 100; the resolution of the system's timers.</param>
    /// <returns><see langword="false"/> when the time is up and nothing has come.</returns>
    /// <exception cref="IOException">The channel has ended.</exception>
    /// <exception cref="NotSupportedException"><see cref="CanWait"/> is <see langword="false"/>.</exception>
    public abstract bool Wait(int milliseconds);
}
