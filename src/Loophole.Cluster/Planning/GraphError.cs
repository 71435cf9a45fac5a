namespace Loophole.Cluster.Planning;

/// <summary>Why a graph cannot be planned.</summary>
public enum GraphError
{
    /// <summary>An id is missing, empty, used twice, or names nothing.</summary>
    BadReference = 1,

    /// <summary>Channels feed each other in a circle.</summary>
    Cycle = 2,

    /// <summary>A number is outside its range or not finite.</summary>
    BadNumber = 3,

    /// <summary>No processor of that kind is known.</summary>
    UnknownProcessor = 4,

    /// <summary>There is nothing to render.</summary>
    Empty = 5,
}
