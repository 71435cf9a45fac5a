namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.withdraw</c>: stop everything deployed.</summary>
internal sealed record WithdrawCommand;
