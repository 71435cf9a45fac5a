namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.progress</c>: the playhead moved.</summary>
internal sealed record RenderingProgress(long PlayheadFrame);
