namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.failed</c>: the host cannot go on; nothing was written.</summary>
internal sealed record RenderingFailed(string Message);
