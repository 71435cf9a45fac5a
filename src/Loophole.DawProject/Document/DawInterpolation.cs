namespace Loophole.DawProject;

/// <summary>How a value gets to the next point.</summary>
public enum DawInterpolation
{
    /// <summary>Stays and jumps there.</summary>
    Hold = 0,

    /// <summary>A straight line.</summary>
    Linear = 1,
}
