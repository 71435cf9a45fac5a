namespace Loophole.Cluster.Protocol.Links;

/// <summary>What a link reads from.</summary>
internal abstract class LinkInput
{
    /// <summary>Whether a wait is a sleep of the calling thread at the network.</summary>
    public abstract bool WaitsAtNetwork { get; }

    /// <summary>Looks, and never waits.</summary>
    /// <returns><see langword="false"/> when nothing has come. Otherwise <see cref="Take"/> is next.</returns>
    public abstract bool TryLook(out FrameReader frames);

    /// <summary>Waits on the calling thread: for the time given where it <see cref="WaitsAtNetwork"/>, else for as long as it takes.</summary>
    /// <returns>As <see cref="TryLook"/>.</returns>
    /// <exception cref="OperationCanceledException">The token fired; nothing is lost. A sleep does not look at it.</exception>
    public abstract bool TryWait(TimeSpan longest, CancellationToken cancellationToken, out FrameReader frames);

    /// <summary>Lets go of what was taken of the frames; the rest comes again with what is next.</summary>
    public abstract void Take(in FrameReader frames);
}
