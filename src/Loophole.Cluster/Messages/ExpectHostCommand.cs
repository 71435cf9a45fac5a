namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.expectHost</c>: the host Signal will connect and present this single-use token.</summary>
internal sealed record ExpectHostCommand(string Token);
