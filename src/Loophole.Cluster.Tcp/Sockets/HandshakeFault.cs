using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Why a TLS handshake did not come about.</summary>
/// <param name="Error">As what the dialling side reports it.</param>
/// <param name="Reason">A clause that can stand behind a colon.</param>
/// <param name="Cause">What was thrown, if anything was.</param>
internal sealed record HandshakeFault(TransportError Error, string Reason, Exception? Cause = null);
