namespace Loophole.Cluster.Nodes;

/// <summary>What a Signal has rendered, by when it has to be there. 0 or more each.</summary>
/// <param name="Ahead">Part of its render threads' time, for what is rendered ahead of what is heard.</param>
/// <param name="Live">Part of the audio thread's time that its calls took; 0 where nothing is played.</param>
/// <param name="Inserts">Part of its render threads' time, for what is rendered right after what is live; some of it on the thread that receives.</param>
public sealed record CohortLoads(double Ahead, double Live, double Inserts)
{
    /// <summary>Nothing was rendered.</summary>
    public static CohortLoads None { get; } = new(0, 0, 0);
}
