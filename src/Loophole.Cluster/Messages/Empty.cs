namespace Loophole.Cluster.Messages;

/// <summary>Nothing to say.</summary>
internal sealed record Empty
{
    public static Empty Instance { get; } = new();
}
