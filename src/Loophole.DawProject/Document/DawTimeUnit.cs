namespace Loophole.DawProject;

/// <summary>What a time is counted in.</summary>
public enum DawTimeUnit
{
    /// <summary>Quarter notes.</summary>
    Beats = 0,

    /// <summary>Seconds.</summary>
    Seconds = 1,
}
