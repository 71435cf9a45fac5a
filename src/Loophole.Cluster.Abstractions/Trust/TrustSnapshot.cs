using System.Collections.Immutable;

namespace Loophole.Cluster.Trust;

/// <summary>A trust store at one version. Immutable; compare versions, not contents.</summary>
public sealed record TrustSnapshot
{
    /// <summary>Nothing and nobody, under the default rules.</summary>
    public static readonly TrustSnapshot Empty = new();

    /// <summary>Grows with each change, never goes back in one store object.</summary>
    public long Version { get; init; }

    /// <summary>What goes for all.</summary>
    public TrustRules Rules { get; init; } = new();

    /// <summary>Everybody known, in the order in which they became so; no fingerprint twice.</summary>
    public ImmutableArray<TrustedPeer> Peers { get; init; } = [];

    /// <summary>Looks a peer up. [any]</summary>
    /// <param name="fingerprint">Who.</param>
    /// <returns>What is known, or <see langword="null"/>.</returns>
    public TrustedPeer? Find(NodeFingerprint fingerprint) => Peers.FirstOrDefault(peer => peer.Fingerprint == fingerprint);

    /// <summary>Whether a peer may take part now: it is accepted, and not in the cloud unless the rules allow that. [any]</summary>
    /// <param name="fingerprint">Who.</param>
    /// <returns>Whether it may.</returns>
    public bool Admits(NodeFingerprint fingerprint) =>
        Find(fingerprint) is { State: PeerState.Accepted } peer && (peer.Kind == PeerKind.Lan || Rules.AllowsCloud);

    /// <summary>The peers that somebody at a keyboard may mean. [any]</summary>
    /// <param name="text">A whole name, or the first digits of a fingerprint, at least four.</param>
    /// <returns>All that fit; more than one is an ambiguity.</returns>
    public ImmutableArray<TrustedPeer> Match(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Peers.Where(peer => peer.Name == text || (text.Length >= 4 && peer.Fingerprint.Hex.StartsWith(text, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>The same with this peer added, or put in the place of the one with its fingerprint. [any]</summary>
    /// <param name="peer">The peer.</param>
    /// <returns>The changed snapshot, still of this version.</returns>
    public TrustSnapshot With(TrustedPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var before = Find(peer.Fingerprint);
        return this with { Peers = before is null ? Peers.Add(peer) : Peers.Replace(before, peer) };
    }
}
