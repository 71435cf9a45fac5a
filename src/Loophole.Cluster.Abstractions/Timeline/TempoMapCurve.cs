namespace Loophole.Cluster.Timeline;

/// <summary>How the tempo gets from one point to the next.</summary>
public enum TempoMapCurve
{
    /// <summary>Stays as it is and jumps at the next point.</summary>
    Step = 0,

    /// <summary>A straight line over beats: halfway in beats, the tempo is halfway. What automation in beats means.</summary>
    LinearInBeats = 1,

    /// <summary>A straight line over seconds: halfway in time, the tempo is halfway. What automation in seconds means.</summary>
    LinearInTime = 2,
}
