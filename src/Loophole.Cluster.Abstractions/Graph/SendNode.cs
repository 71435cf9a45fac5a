namespace Loophole.Cluster.Graph;

/// <summary>Taps the signal at its place in the list, scales it by its parameter <c>level</c> (linear, default 1), and feeds another Channel.</summary>
public sealed record SendNode : GraphNode
{
    /// <summary>The name of the one parameter of a send: linear gain, 0 to 64, default 1.</summary>
    public const string LevelParameter = "level";

    /// <summary>The Channel fed.</summary>
    public required string TargetChannelId { get; init; }
}
