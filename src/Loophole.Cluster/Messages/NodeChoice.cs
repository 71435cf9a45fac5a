namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.retry</c> and <c>cluster.takeBack</c> at Pulse's endpoint.</summary>
/// <param name="Node">The name of a node, or <see langword="null"/> for all.</param>
internal sealed record NodeChoice(string? Node);
