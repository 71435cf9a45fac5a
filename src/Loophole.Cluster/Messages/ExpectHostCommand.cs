using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.expectHost</c>: the host Signal will connect and present this token. Taken once, and only so long.</summary>
/// <param name="Token">32 random bytes, as 64 lower-case hexadecimal digits.</param>
/// <param name="Host">Whose certificate it is good for; <see langword="null"/> for a host on the same machine, without one.</param>
/// <param name="LifetimeMilliseconds">From the arrival of this command; 1 to 600,000.</param>
internal sealed record ExpectHostCommand(string Token, NodeFingerprint? Host, int LifetimeMilliseconds);
