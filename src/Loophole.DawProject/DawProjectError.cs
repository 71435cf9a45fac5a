namespace Loophole.DawProject;

/// <summary>Why a project cannot be read, written or used.</summary>
public enum DawProjectError
{
    /// <summary>The project file is not there.</summary>
    FileNotFound = 1,

    /// <summary>The file system refused, or reading failed.</summary>
    Unreadable = 2,

    /// <summary>The file is not a ZIP archive, or a damaged or truncated one.</summary>
    NotAnArchive = 3,

    /// <summary>The archive lacks a file that is needed.</summary>
    MissingEntry = 4,

    /// <summary>A path climbs out of the archive.</summary>
    UnsafePath = 5,

    /// <summary>Something is larger, deeper or more than is accepted.</summary>
    TooLarge = 6,

    /// <summary><c>project.xml</c> is not well-formed, has a document type, or is not a project.</summary>
    BadXml = 7,

    /// <summary>A required attribute or element is missing.</summary>
    Missing = 8,

    /// <summary>A value cannot be read or is out of range.</summary>
    BadValue = 9,

    /// <summary>Two elements have the same identifier.</summary>
    DuplicateId = 10,

    /// <summary>A reference leads nowhere, or to the wrong kind of element.</summary>
    DanglingReference = 11,

    /// <summary>Channels feed each other in a circle.</summary>
    RoutingCycle = 12,

    /// <summary>There is no track.</summary>
    NothingToRender = 13,

    /// <summary>An audio file is missing, corrupt or unsupported.</summary>
    BadMedia = 14,

    /// <summary>A clip or point lies where no project reaches, or contradicts itself.</summary>
    BadTimeline = 15,
}
