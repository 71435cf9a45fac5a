namespace Loophole.Cluster.Hub;

/// <summary>A part of a signal that was not there when it was heard.</summary>
/// <param name="StartFrame">The first frame of it that was missing.</param>
/// <param name="Frames">How many were.</param>
internal readonly record struct Gap(long StartFrame, long Frames);
