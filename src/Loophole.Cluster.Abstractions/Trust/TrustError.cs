namespace Loophole.Cluster.Trust;

/// <summary>Why an identity, a join key or a trust store could not be used.</summary>
public enum TrustError
{
    /// <summary>A file or folder cannot be read or written; see the inner exception.</summary>
    Unavailable = 1,

    /// <summary>What it holds is not what it should be. It is left as it is.</summary>
    Corrupt = 2,

    /// <summary>Others than its owner may read or write it.</summary>
    TooOpen = 3,

    /// <summary>Another process did not let go of it in time.</summary>
    Busy = 4,

    /// <summary>It is there already, and nothing is overwritten.</summary>
    Exists = 5,

    /// <summary>As many unknown peers wait for acceptance as may.</summary>
    TooManyPending = 6,
}
