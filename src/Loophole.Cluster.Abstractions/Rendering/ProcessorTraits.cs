namespace Loophole.Cluster.Rendering;

/// <summary>What a processor declares of itself. What is not declared keeps it on the host.</summary>
[Flags]
public enum ProcessorTraits
{
    /// <summary>Nothing is promised.</summary>
    None = 0,

    /// <summary>The same input gives the same bits on every machine.</summary>
    Deterministic = 1,

    /// <summary>Output does not depend on how frames are divided into calls.</summary>
    BlockInvariant = 2,

    /// <summary>Save and Restore carry the whole state.</summary>
    Checkpointable = 4,

    /// <summary>All of the above: may run anywhere.</summary>
    Distributable = Deterministic | BlockInvariant | Checkpointable,
}
