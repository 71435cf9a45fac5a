namespace Loophole.DawProject;

/// <summary>What is accepted at most. Far above any real project; what goes beyond is refused with a message, not attempted.</summary>
internal static class DawProjectLimits
{
    /// <summary>Characters in <c>project.xml</c>.</summary>
    public const int XmlCharacters = 64 * 1024 * 1024;

    /// <summary>How many times smaller than its content <c>project.xml</c> may be in the archive, when it is large.</summary>
    public const int XmlRatio = 150;

    /// <summary>Below this many bytes the ratio does not matter.</summary>
    public const int XmlRatioFloor = 4 * 1024 * 1024;

    /// <summary>Elements within elements.</summary>
    public const int Depth = 96;

    /// <summary>Elements and attributes of <c>project.xml</c>.</summary>
    public const int XmlNodes = 6_000_000;

    /// <summary>Entries in the archive.</summary>
    public const int Entries = 100_000;

    /// <summary>Bytes of one audio file in the archive.</summary>
    public const long MediaBytes = 8L * 1024 * 1024 * 1024;

    /// <summary>Bytes of one plugin's state.</summary>
    public const int StateBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of all plugins' states.</summary>
    public const long AllStateBytes = 512L * 1024 * 1024;

    /// <summary>Clip regions, notes and automation points, together.</summary>
    public const int Pieces = 1_000_000;

    /// <summary>Steps taken to find them.</summary>
    public const int Steps = 8_000_000;

    /// <summary>Hours of a project.</summary>
    public const int Hours = 24;

    /// <summary>Reports; what goes beyond is counted in a last one.</summary>
    public const int Reports = 1_000;
}
