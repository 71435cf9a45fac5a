namespace Loophole.DawProject.Resolving;

/// <summary>What a parameter of ours is counted in.</summary>
internal enum ValueKind
{
    /// <summary>As it stands.</summary>
    Plain = 0,

    /// <summary>Linear gain.</summary>
    Gain = 1,

    /// <summary>−1 left to +1 right.</summary>
    Position = 2,

    /// <summary>0 or 1.</summary>
    Switch = 3,

    /// <summary>Decibels.</summary>
    Decibels = 4,

    /// <summary>Hertz.</summary>
    Frequency = 5,

    /// <summary>n of n:1.</summary>
    Ratio = 6,
}
