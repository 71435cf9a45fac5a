using System.Security.Cryptography;

namespace Loophole.Cluster.Trust;

/// <summary>What proves that an end of a connection knows the join key: HMAC-SHA256(key, label ‖ dialler ‖ answerer ‖ dialler's nonce ‖ answerer's nonce).</summary>
/// <remarks>The label names the end that proves, so a proof cannot be sent back; the fingerprints are those of the TLS handshake, so it is worth nothing on
/// any other connection; the nonces are fresh, so it is worth nothing a second time. Every part has a fixed length: nothing can slide from one into the next.</remarks>
internal sealed record PairingProof(NodeFingerprint Dialler, NodeFingerprint Answerer, ReadOnlyMemory<byte> DiallerNonce, ReadOnlyMemory<byte> AnswererNonce)
{
    public const int NonceLength = 32;
    public const int Length = 32;

    private const int FingerprintLength = 32;

    private static ReadOnlySpan<byte> DiallerLabel => "loophole-pairing-1 dialler"u8;

    private static ReadOnlySpan<byte> AnswererLabel => "loophole-pairing-1 answers"u8;

    public byte[] OfDialler(JoinKey key) => Compute(key, DiallerLabel);

    public byte[] OfAnswerer(JoinKey key) => Compute(key, AnswererLabel);

    /// <summary>Compares in a time that does not depend on the bytes.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(one, other);

    private byte[] Compute(JoinKey key, ReadOnlySpan<byte> label)
    {
        Span<byte> fingerprints = stackalloc byte[2 * FingerprintLength];
        Convert.FromHexString(Dialler.Hex, fingerprints[..FingerprintLength], out _, out _);
        Convert.FromHexString(Answerer.Hex, fingerprints[FingerprintLength..], out _, out _);
        return HMACSHA256.HashData(key.Secret, [.. label, .. fingerprints, .. DiallerNonce.Span, .. AnswererNonce.Span]);
    }
}
