using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Messages;

/// <summary><c>trust.pairProve</c>, and its answer: an end's proof that it knows the join key.</summary>
/// <param name="Proof">32 bytes, as 64 lower-case hexadecimal digits.</param>
internal sealed record PairProof(string Proof)
{
    public static PairProof Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(bytes));

    /// <exception cref="Protocol.ControlException">It is no proof.</exception>
    public byte[] ToBytes() => HexField.Read(Proof, PairingProof.Length, "proof");
}
