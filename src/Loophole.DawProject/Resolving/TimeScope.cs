namespace Loophole.DawProject.Resolving;

/// <summary>The times of one timeline, and which times of the project they are.</summary>
internal abstract class TimeScope
{
    /// <summary>What the times are counted in.</summary>
    public abstract DawTimeUnit Unit { get; }

    /// <summary>Whether a second of it is a second of the project everywhere.</summary>
    public abstract bool IsRealTime { get; }

    /// <summary>Project seconds at a time of the timeline.</summary>
    public abstract double SecondsAt(double time);

    /// <summary>The time of the timeline at project seconds.</summary>
    public abstract double TimeAt(double seconds);

    /// <summary>Adds the project seconds between two limits where the relation bends; unordered, perhaps doubled.</summary>
    /// <remarks>Between two neighbours it is a straight line; where the tempo moves in a line it is cut finely enough to be taken for one.</remarks>
    public abstract void AddBends(double from, double to, List<double> bends);
}
