namespace Loophole.Cluster.Media;

/// <summary>Settings of <see cref="DirectoryMediaStore"/>. Read once, at construction.</summary>
public sealed class DirectoryMediaStoreOptions
{
    /// <summary>The folder; made when it does not exist. Several stores, also of several processes, may share it.</summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public required string Directory
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    }

    /// <summary>Bytes of media the folder may hold. Default 16 GiB; 1 MiB or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 MiB.</exception>
    public long CapacityBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1L << 20);
            field = value;
        }
    } = 16L << 30;
}
