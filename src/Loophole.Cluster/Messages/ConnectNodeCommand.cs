using System.Collections.Immutable;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.connectNode</c> (host only): open the audio link to a Signal. Answered with a <see cref="NodeConnected"/>.</summary>
/// <param name="Node">The Signal.</param>
/// <param name="Name">Its name, for messages.</param>
/// <param name="EndPoints">Where it listens, as Pulse sees it: the host chooses; empty for the host's own in-process node.</param>
/// <param name="Token">What to present.</param>
/// <param name="Fingerprint">Whose certificate must answer there; <see langword="null"/> for a node on the same machine, without one.</param>
internal sealed record ConnectNodeCommand(Guid Node, string Name, ImmutableArray<Uri> EndPoints, string Token, NodeFingerprint? Fingerprint);
