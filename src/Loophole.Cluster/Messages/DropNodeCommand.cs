namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.dropNode</c> (host only): the Signal is lost; cut its link. Answered with a <see cref="CheckpointList"/>.</summary>
internal sealed record DropNodeCommand(Guid Node, string Reason);
