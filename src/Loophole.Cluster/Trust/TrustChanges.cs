namespace Loophole.Cluster.Trust;

/// <summary>The changes that are made to a trust store, each as one step.</summary>
public static class TrustChanges
{
    /// <summary>Unknown peers that may wait for acceptance at a time: whoever knocks with ever new certificates fills neither list nor disk.</summary>
    public const int MaxPending = 64;

    /// <summary>How long a place among the waiting is kept when others want it.</summary>
    public static readonly TimeSpan PendingLifetime = TimeSpan.FromDays(1);

    /// <summary>Lets an unknown peer wait for acceptance. One that is known stays as it is. [any]</summary>
    /// <param name="store">The store.</param>
    /// <param name="fingerprint">Who it is.</param>
    /// <param name="name">What it calls itself; see <see cref="TrustedPeer.CleanName"/>.</param>
    /// <param name="kind">Where it seems to be.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <returns>The store after it.</returns>
    /// <exception cref="TrustException"><see cref="TrustError.TooManyPending"/>: <see cref="MaxPending"/> peers wait already, all for less than <see cref="PendingLifetime"/>; or the store cannot be changed.</exception>
    public static ValueTask<TrustSnapshot> AddPendingAsync(this ITrustStore store, NodeFingerprint fingerprint, string? name, PeerKind kind, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.UpdateAsync(snapshot => snapshot.Find(fingerprint) is null ? MakeRoom(snapshot, now).With(New(fingerprint, name, kind, PeerState.Pending, now)) : snapshot, cancellationToken);
    }

    /// <summary>Accepts a peer that has proven the join key. One that is accepted or revoked stays as it is. [any]</summary>
    /// <param name="store">The store.</param>
    /// <param name="fingerprint">Who it is.</param>
    /// <param name="name">What it calls itself; see <see cref="TrustedPeer.CleanName"/>.</param>
    /// <param name="kind">Where it seems to be.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <returns>The store after it; whether it admits the peer is to be asked there.</returns>
    /// <exception cref="TrustException">The store cannot be changed.</exception>
    public static ValueTask<TrustSnapshot> AddPairedAsync(this ITrustStore store, NodeFingerprint fingerprint, string? name, PeerKind kind, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.UpdateAsync(
            snapshot => snapshot.Find(fingerprint) switch
            {
                { State: PeerState.Pending } known => snapshot.With(known with { State = PeerState.Accepted, Since = now }),
                null => snapshot.With(New(fingerprint, name, kind, PeerState.Accepted, now)),
                _ => snapshot,
            },
            cancellationToken);
    }

    /// <summary>Accepts a known peer by hand, also one that was revoked. [any]</summary>
    /// <param name="store">The store.</param>
    /// <param name="fingerprint">Who it is; unknown changes nothing.</param>
    /// <param name="now">The time.</param>
    /// <param name="kind">Where it is; <see langword="null"/> leaves what it was.</param>
    /// <param name="projects">What it may be sent; <see langword="null"/> leaves what it was.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <returns>The store after it.</returns>
    /// <exception cref="TrustException">The store cannot be changed.</exception>
    public static ValueTask<TrustSnapshot> AcceptAsync(this ITrustStore store, NodeFingerprint fingerprint, DateTimeOffset now, PeerKind? kind = null, ProjectScope? projects = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.UpdateAsync(
            snapshot => snapshot.Find(fingerprint) is { } peer
                ? snapshot.With(peer with
                {
                    State = PeerState.Accepted,
                    Since = peer.State == PeerState.Accepted ? peer.Since : now,
                    Kind = kind ?? peer.Kind,
                    Projects = projects ?? peer.Projects,
                })
                : snapshot,
            cancellationToken);
    }

    /// <summary>Revokes a known peer: whatever it has open is cut by every process that has the store open. [any]</summary>
    /// <param name="store">The store.</param>
    /// <param name="fingerprint">Who it is; unknown, or revoked before, changes nothing.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <returns>The store after it.</returns>
    /// <exception cref="TrustException">The store cannot be changed.</exception>
    public static ValueTask<TrustSnapshot> RevokeAsync(this ITrustStore store, NodeFingerprint fingerprint, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.UpdateAsync(
            snapshot => snapshot.Find(fingerprint) is { State: not PeerState.Revoked } peer ? snapshot.With(peer with { State = PeerState.Revoked, Since = now }) : snapshot,
            cancellationToken);
    }

    private static TrustSnapshot MakeRoom(TrustSnapshot snapshot, DateTimeOffset now)
    {
        var pending = snapshot.Peers.Where(peer => peer.State == PeerState.Pending).ToArray();
        if (pending.Length < MaxPending)
        {
            return snapshot;
        }

        var oldest = pending.MinBy(peer => peer.Since)!;
        return now - oldest.Since >= PendingLifetime
            ? snapshot with { Peers = snapshot.Peers.Remove(oldest) }
            : throw new TrustException(TrustError.TooManyPending, $"{MaxPending} unknown peers wait for acceptance already; accept or revoke some of them.");
    }

    private static TrustedPeer New(NodeFingerprint fingerprint, string? name, PeerKind kind, PeerState state, DateTimeOffset now) => new()
    {
        Fingerprint = fingerprint,
        Name = TrustedPeer.CleanName(name),
        State = state,
        Kind = kind,
        Projects = ProjectScope.All,
        Since = now,
    };
}
