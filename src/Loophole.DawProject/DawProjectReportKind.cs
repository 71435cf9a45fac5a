namespace Loophole.DawProject;

/// <summary>What sort of difference between file and sound a report is about.</summary>
public enum DawProjectReportKind
{
    /// <summary>An element or attribute that this library does not know; kept.</summary>
    Unknown = 0,

    /// <summary>Something known that has no effect on the sound here; kept.</summary>
    Ignored = 1,

    /// <summary>Something that sounds different from what the writing program meant.</summary>
    Approximated = 2,

    /// <summary>Something the file leaves open, and what was taken instead.</summary>
    Assumed = 3,

    /// <summary>A device that cannot be had; audio passes through.</summary>
    MissingDevice = 4,
}
