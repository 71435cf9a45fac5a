namespace Loophole.Cluster.Messages;

/// <summary>The answer to <see cref="IntroduceCommand"/>.</summary>
/// <param name="Name">What the listener calls itself.</param>
/// <param name="IsAccepted">Whether the dialler is trusted there.</param>
/// <param name="TakesKey">Whether a join key is of any use there.</param>
internal sealed record IntroduceAnswer(string Name, bool IsAccepted, bool TakesKey);
