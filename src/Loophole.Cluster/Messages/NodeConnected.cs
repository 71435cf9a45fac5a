namespace Loophole.Cluster.Messages;

/// <summary>The answer to <see cref="ConnectNodeCommand"/>.</summary>
/// <param name="EndPoint">Where the host has reached the Signal; its scheme is the transport of the audio.</param>
internal sealed record NodeConnected(Uri EndPoint);
