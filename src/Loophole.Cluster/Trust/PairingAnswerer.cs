using System.Security.Cryptography;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Trust;

/// <summary>The listening end of pairings over one connection. Each takes a nonce and then one proof; there are only a few.</summary>
internal sealed class PairingAnswerer(NodeFingerprint self, NodeFingerprint peer)
{
    public const int MaxAttempts = 3;

    private int _attempts;
    private PairingProof? _expected;

    /// <summary>Whether the peer has used its attempts up. [control]</summary>
    public bool IsExhausted => _attempts >= MaxAttempts && _expected is null;

    /// <summary>Takes the dialler's nonce and gives one. [control]</summary>
    /// <exception cref="ControlException">It is no nonce, or there were too many attempts.</exception>
    public PairNonce Begin(PairNonce begin)
    {
        var nonce = begin.ToBytes();
        if (_attempts >= MaxAttempts)
        {
            throw new ControlException("tooManyAttempts", $"Only {MaxAttempts} attempts to pair are taken on one connection.");
        }

        _attempts++;
        var own = RandomNumberGenerator.GetBytes(PairingProof.NonceLength);
        _expected = new PairingProof(peer, self, nonce, own);
        return PairNonce.Of(own);
    }

    /// <summary>Takes the dialler's proof and gives one. [control]</summary>
    /// <exception cref="ControlException">It is none, or there is nothing to prove.</exception>
    public PairProof Prove(PairProof proof, JoinKey key)
    {
        // One proof per pair of nonces, right or wrong.
        var expected = Interlocked.Exchange(ref _expected, null) ?? throw new ControlException("noPairing", "A proof answers the nonces of trust.pairBegin, once.");
        return PairingProof.AreEqual(proof.ToBytes(), expected.OfDialler(key))
            ? PairProof.Of(expected.OfAnswerer(key))
            : throw new ControlException(RefusalCode.WrongKey, "The join key is another one here.");
    }
}
