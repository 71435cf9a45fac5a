namespace Loophole.Cluster.Signals;

/// <summary>What a turn at a subgraph did.</summary>
internal enum RunResult
{
    /// <summary>There was nothing to do, or somebody else is at it.</summary>
    Nothing,

    /// <summary>Nothing was done, and somebody else who may know of more was turned away meanwhile: look again.</summary>
    Missed,

    /// <summary>A block was rendered.</summary>
    Rendered,

    /// <summary>A checkpoint was saved.</summary>
    Saved,

    /// <summary>The renderer failed; the subgraph is stopped.</summary>
    Failed,
}
