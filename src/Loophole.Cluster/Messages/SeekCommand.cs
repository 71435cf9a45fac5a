namespace Loophole.Cluster.Messages;

/// <summary><c>transport.seek</c> at Pulse's endpoint.</summary>
/// <param name="ProjectFrame">Where to.</param>
internal sealed record SeekCommand(long ProjectFrame);
