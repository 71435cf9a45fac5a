namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.nodeFailed</c>: the host lost the audio link to a Signal, or nothing comes over it.</summary>
internal sealed record NodeFailed(Guid Node, string Reason);
