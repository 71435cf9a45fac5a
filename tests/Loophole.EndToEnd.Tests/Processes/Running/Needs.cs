using Loophole.Cluster.Quic;

namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>What the machine must have, or must not.</summary>
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

    /// <summary>Skips the test where QUIC is there.</summary>
    public static void NoQuic() => Assert.SkipWhen(QuicTransport.IsSupported, "This machine has QUIC.");
}
