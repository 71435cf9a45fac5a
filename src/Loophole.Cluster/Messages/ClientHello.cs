namespace Loophole.Cluster.Messages;

/// <summary><c>client.hello</c> at Pulse's endpoint: what lets a client in.</summary>
/// <param name="Token">What the endpoint's file says.</param>
internal sealed record ClientHello(string Token);
