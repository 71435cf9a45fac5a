using System.Buffers.Text;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Trust;

/// <summary>The parts of a pairing, made of given bytes.</summary>
internal static class Bits
{
    public static JoinKey Key(ReadOnlySpan<byte> bytes) => JoinKey.Parse("loophole-join-1." + Base64Url.EncodeToString(bytes), "test");

    public static NodeFingerprint Fingerprint(ReadOnlySpan<byte> bytes)
    {
        Assert.True(NodeFingerprint.TryParse(Convert.ToHexStringLower(bytes), out var fingerprint));
        return fingerprint;
    }

    public static byte[] Flipped(byte[] bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
