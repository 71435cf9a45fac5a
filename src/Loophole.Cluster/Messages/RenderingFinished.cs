namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.finished</c>: the file is complete.</summary>
/// <param name="Frames">Frames in it.</param>
/// <param name="Sha256">Hash of the sample data as stored.</param>
internal sealed record RenderingFinished(long Frames, string Sha256);
