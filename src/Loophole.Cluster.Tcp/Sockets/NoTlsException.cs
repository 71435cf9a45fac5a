namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>The first byte heard cannot begin a TLS record.</summary>
internal sealed class NoTlsException() : IOException("The peer does not speak TLS.");
