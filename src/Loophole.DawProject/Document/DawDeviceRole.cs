namespace Loophole.DawProject;

/// <summary>What a device does.</summary>
public enum DawDeviceRole
{
    /// <summary>Turns notes into audio.</summary>
    Instrument = 0,

    /// <summary>Turns notes into notes.</summary>
    NoteEffect = 1,

    /// <summary>Turns audio into audio.</summary>
    AudioEffect = 2,

    /// <summary>Listens only.</summary>
    Analyzer = 3,
}
