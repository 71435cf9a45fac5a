using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Messages;

/// <summary><c>trust.pairBegin</c>, and its answer: an end's fresh nonce.</summary>
/// <param name="Nonce">32 bytes, as 64 lower-case hexadecimal digits.</param>
internal sealed record PairNonce(string Nonce)
{
    public static PairNonce Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(bytes));

    /// <exception cref="Protocol.ControlException">It is no nonce.</exception>
    public byte[] ToBytes() => HexField.Read(Nonce, PairingProof.NonceLength, "nonce");
}
