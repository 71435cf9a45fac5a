using System.Security.Cryptography;
using Loophole.Cluster.Trust;
using Loophole.Tests;

namespace Loophole.Cluster.Tests.Trust;

public sealed class PairingProofTests
{
    private const int Seed = 4711;

    [Fact]
    public void A_proof_fails_when_any_bit_of_key_fingerprints_or_nonces_is_another()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 5; round++)
        {
            var parts = Enumerable.Range(0, 5).Select(_ => Bytes(random)).ToArray();
            var (dialler, answerer) = Proofs(parts);
            for (var bit = 0; bit < 5 * 256; bit++)
            {
                var changed = parts.ToArray();
                changed[bit / 256] = Bits.Flipped(parts[bit / 256], bit % 256);
                var (otherDialler, otherAnswerer) = Proofs(changed);
                Assert.False(PairingProof.AreEqual(dialler, otherDialler), $"seed {Seed}, round {round}: bit {bit} does not matter to the dialler's proof");
                Assert.False(PairingProof.AreEqual(answerer, otherAnswerer), $"seed {Seed}, round {round}: bit {bit} does not matter to the answerer's proof");
            }
        }
    }

    [Fact]
    public void A_proof_fails_when_the_ends_are_exchanged()
    {
        var random = new Random(Seed);
        var (key, one, other, nonce, otherNonce) = (Bytes(random), Bytes(random), Bytes(random), Bytes(random), Bytes(random));
        var (dialler, answerer) = Proofs([key, one, other, nonce, otherNonce]);
        Assert.False(PairingProof.AreEqual(dialler, answerer), "The label does not matter.");
        var (exchangedDialler, exchangedAnswerer) = Proofs([key, other, one, otherNonce, nonce]);
        byte[][] all = [dialler, answerer, exchangedDialler, exchangedAnswerer, Proofs([key, other, one, nonce, otherNonce]).Dialler, Proofs([key, one, other, otherNonce, nonce]).Dialler];
        Assert.Equal(all.Length, all.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void The_bytes_are_those_of_the_security_page()
    {
        var key = Enumerable.Range(0, 32).Select(at => (byte)at).ToArray();
        var (dialler, answerer) = Proofs([key, Repeat(0xd1), Repeat(0xa2), Repeat(0x11), Repeat(0x22)]);
        byte[] message = [.. "loophole-pairing-1 dialler"u8, .. Repeat(0xd1), .. Repeat(0xa2), .. Repeat(0x11), .. Repeat(0x22)];
        Assert.Equal(154, message.Length);
        Assert.Equal(HMACSHA256.HashData(key, message), dialler);
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));
        Assert.Contains(Bits.Key(key).Reveal(), page, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(dialler), page, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(answerer), page, StringComparison.Ordinal);
    }

    private static (byte[] Dialler, byte[] Answerer) Proofs(byte[][] parts)
    {
        var proof = new PairingProof(Bits.Fingerprint(parts[1]), Bits.Fingerprint(parts[2]), parts[3], parts[4]);
        var key = Bits.Key(parts[0]);
        return (proof.OfDialler(key), proof.OfAnswerer(key));
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Repeat(byte value) => [.. Enumerable.Repeat(value, 32)];
}
