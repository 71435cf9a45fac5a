namespace Loophole.Cluster.Media;

/// <summary>Why media could not be used.</summary>
public enum MediaError
{
    /// <summary>The store does not hold the asset.</summary>
    NotFound = 1,

    /// <summary>The content is not what its address or its header says.</summary>
    Corrupt = 2,

    /// <summary>The asset is larger than the store's cap, or the disk is full.</summary>
    Full = 3,

    /// <summary>The file system refused.</summary>
    Unreadable = 4,

    /// <summary>The container or sample format is not one that is read here.</summary>
    Unsupported = 5,
}
