namespace Loophole.Cluster.Gestures;

/// <summary>A parameter that values come for.</summary>
/// <param name="Id">Its number on the wire, never used again.</param>
/// <param name="NodeId">The node of the graph.</param>
/// <param name="Parameter">Its parameter.</param>
/// <param name="IsRelative">Whether values are distances from its automation.</param>
internal sealed record GestureStream(int Id, string NodeId, string Parameter, bool IsRelative);
