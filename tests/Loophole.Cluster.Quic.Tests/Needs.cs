namespace Loophole.Cluster.Quic.Tests;

/// <summary>What the machine must have.</summary>
internal static class Needs
{
    /// <summary>Skips the test where QUIC is missing; fails it where <c>LOOPHOLE_REQUIRE_QUIC=1</c> says that it must not be.</summary>
    public static void Quic()
    {
        if (QuicTransport.UnsupportedReason is { } reason)
        {
            Assert.False(Environment.GetEnvironmentVariable("LOOPHOLE_REQUIRE_QUIC") == "1", reason);
            Assert.Skip(reason);
        }
    }
}
