namespace Loophole.Cluster.Messages;

/// <summary><c>trust.introduce</c>: the first command over TLS. Whoever is unknown waits for acceptance from now on, unless it can prove the join key.</summary>
/// <param name="Name">What the dialler calls itself.</param>
/// <param name="HasKey">Whether it wants to prove the join key.</param>
internal sealed record IntroduceCommand(string Name, bool HasKey);
