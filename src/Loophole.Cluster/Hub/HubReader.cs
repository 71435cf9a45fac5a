namespace Loophole.Cluster.Hub;

/// <summary>Somebody who reads a <see cref="HubSignal"/>: a subgraph on some node, or the sink.</summary>
internal class HubReader(string subgraphId, long startFrame, Action ring)
{
    private long _released = startFrame;

    /// <summary>The subgraph, or the empty string for the sink.</summary>
    public string SubgraphId => subgraphId;

    /// <summary>Frames before this one will not be asked for again: they are behind a checkpoint, or in the file. [any]</summary>
    public long Released => Volatile.Read(ref _released);

    /// <summary>The signal grew. [any]</summary>
    public void Ring() => ring();

    /// <summary>The signal grew, and whoever reads it is waited for: it is passed on at once, on the calling thread. Never throws. [insert pump]</summary>
    /// <param name="inRealTime">Whether the thread that takes what is made of it may be in real time.</param>
    public virtual void Push(bool inRealTime) => ring();

    /// <summary>Gives frames up; never takes them back. [any]</summary>
    /// <returns>Whether any were given up.</returns>
    public bool Release(long frame)
    {
        for (var seen = Released; seen < frame;)
        {
            var before = Interlocked.CompareExchange(ref _released, frame, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }
}
