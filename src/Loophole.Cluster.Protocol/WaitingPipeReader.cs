using System.IO.Pipelines;

namespace Loophole.Cluster.Protocol;

/// <summary>A pipe's reading end that a thread can also wait at by itself, with no other thread to wake it. A transport that can read its
/// network on the calling thread derives its audio channels' readers from it; <see cref="PipeAudioLink"/> does the rest.</summary>
/// <remarks>Looking costs a system call at the most and never waits, sleeping costs the waking of a core. Between the two stands the choice of how to wait, which is the link's
/// and not the transport's. What has come is one piece, since a link that has to walk over several for every frame is slower.</remarks>
public abstract class WaitingPipeReader : PipeReader
{
    /// <summary>Whether waiting works; a reader that wraps another may not know before it is made. [any]</summary>
    public virtual bool CanWait => true;

    /// <summary>Gives all that has come and was not taken, as <see cref="PipeReader.TryRead"/> does; sleeps on the calling thread until something has come or the time is up.
    /// Allocates nothing. May return sooner, with nothing. An end of the channel, from either side, or <see cref="PipeReader.CancelPendingRead"/> wakes it
    /// or is met when the time is up. [receiver]</summary>
    /// <param name="longest">The longest sleep, up to 100 ms; zero for a look. What a system cannot time this finely it rounds up.</param>
    /// <param name="bytes">What there is: the reader's, and unchanged until <see cref="Take"/>. Empty at an end, or when the read was cancelled.</param>
    /// <param name="isCompleted">Whether nothing more will come: the peer has ended its side.</param>
    /// <returns><see langword="false"/> when nothing has come since the last time; then there is nothing to take.</returns>
    /// <exception cref="IOException">The channel has ended.</exception>
    /// <exception cref="NotSupportedException"><see cref="CanWait"/> is <see langword="false"/>.</exception>
    public abstract bool TryRead(TimeSpan longest, out ReadOnlySpan<byte> bytes, out bool isCompleted);

    /// <summary>Takes the first bytes of what <see cref="TryRead(TimeSpan, out ReadOnlySpan{byte}, out bool)"/> gave, and has seen all of it: the next read gives the rest once more has come. [receiver]</summary>
    /// <param name="count">From 0 to all of it.</param>
    public abstract void Take(int count);
}
