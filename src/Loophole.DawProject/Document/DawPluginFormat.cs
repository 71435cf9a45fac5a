namespace Loophole.DawProject;

/// <summary>The format of a plugin.</summary>
public enum DawPluginFormat
{
    /// <summary>VST 2.</summary>
    Vst2 = 0,

    /// <summary>VST 3.</summary>
    Vst3 = 1,

    /// <summary>CLAP.</summary>
    Clap = 2,

    /// <summary>Audio Unit.</summary>
    AudioUnit = 3,
}
