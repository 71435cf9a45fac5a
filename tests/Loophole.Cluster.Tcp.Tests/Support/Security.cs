namespace Loophole.Cluster.Tcp.Tests.Support;

/// <summary>The two kinds of transport that every test of behaviour runs over.</summary>
public enum Security
{
    Plain,
    Tls,
}
