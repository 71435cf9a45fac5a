using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.connectNode</c> (host only): open the audio link to a Signal.</summary>
/// <param name="Node">The Signal.</param>
/// <param name="Name">Its name, for messages.</param>
/// <param name="EndPoint">Where it listens; <see langword="null"/> for the host's own in-process node.</param>
/// <param name="Token">What to present.</param>
/// <param name="Fingerprint">Whose certificate must answer there; <see langword="null"/> for a node on the same machine, without one.</param>
internal sealed record ConnectNodeCommand(Guid Node, string Name, Uri? EndPoint, string Token, NodeFingerprint? Fingerprint);
