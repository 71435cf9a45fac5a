namespace Loophole.DawProject;

/// <summary>What the value of a parameter or point is counted in.</summary>
public enum DawUnit
{
    /// <summary>A plain factor or number.</summary>
    Linear = 0,

    /// <summary>0 to 1.</summary>
    Normalized = 1,

    /// <summary>0 to 100.</summary>
    Percent = 2,

    /// <summary>Decibels; minus infinity is silence.</summary>
    Decibel = 3,

    /// <summary>Cycles a second.</summary>
    Hertz = 4,

    /// <summary>Semitones; of a frequency, the MIDI key.</summary>
    Semitones = 5,

    /// <summary>Seconds.</summary>
    Seconds = 6,

    /// <summary>Quarter notes.</summary>
    Beats = 7,

    /// <summary>Quarter notes a minute.</summary>
    Bpm = 8,
}
